internal import CZlib

/// Compression of whole bodies by zlib.
enum Gzip {
  /// The bytes in gzip's form; `nil` where zlib has no memory.
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    // Level 5: most of what compression gains, at a third of the time of level 9.
    guard tongzhou_gzip_begin(&stream, 5) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    var input = bytes
    let room = UInt32(packed.count)
    let status = input.withUnsafeMutableBufferPointer { from in
      packed.withUnsafeMutableBufferPointer { to in
        stream.next_in = from.baseAddress
        stream.avail_in = UInt32(from.count)
        stream.next_out = to.baseAddress
        stream.avail_out = room
        return deflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { return nil }
    packed.removeLast(Int(stream.avail_out))
    return packed
  }
}
