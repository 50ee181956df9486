internal import CZlib

/// Compression of whole files and bodies by zlib.
package enum Gzip {
  /// Whether bytes begin as gzip's do.
  package static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The bytes in gzip's form; `nil` where zlib has no memory.
  ///
  /// - Parameter level: 1 to 9. Level 5 has most of what compression gains at a third of the time of level 9.
  package static func compress(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8]? {
    var stream = z_stream()
    guard tongzhou_gzip_begin(&stream, level) == Z_OK else { return nil }
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

  /// What was packed; `nil` for anything but one whole piece of gzip, and where it would be longer than `limit`: a few
  /// kilobytes may unpack to gigabytes, so it stops there.
  package static func expand(_ packed: [UInt8], limit: Int) -> [UInt8]? {
    var stream = z_stream()
    guard packed.count <= Int(UInt32.max), tongzhou_gunzip_begin(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = packed
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let isWhole = input.withUnsafeMutableBufferPointer { from in
      stream.next_in = from.baseAddress
      stream.avail_in = UInt32(from.count)
      while true {
        let status = piece.withUnsafeMutableBufferPointer { to in
          stream.next_out = to.baseAddress
          stream.avail_out = UInt32(to.count)
          return inflate(&stream, Z_NO_FLUSH)
        }
        bytes += piece[..<(piece.count - Int(stream.avail_out))]
        guard bytes.count <= limit else { return false }
        if status == Z_STREAM_END { return stream.avail_in == 0 }
        guard status == Z_OK else { return false }
      }
    }
    return isWhole ? bytes : nil
  }
}
