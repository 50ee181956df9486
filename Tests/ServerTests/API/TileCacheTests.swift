import NIOCore
import Testing

@testable import Server

@Suite("Tiles kept in memory")
struct TileCacheTests {
  private func file(_ number: Int) -> ByteBuffer { ByteBuffer(repeating: UInt8(number % 256), count: 90) }
  private func path(_ number: Int) -> String { String(1_000_000_000 + number) }

  @Test("never takes more than its limit, and keeps what was asked for lately")
  func limit() {
    let cache = TileCache(limit: 1000)
    for number in 0..<50 {
      cache.keep(file(number), for: path(number))
      // Asked for each time, so it stays.
      #expect(cache[path(0)] == file(0), "\(number)")
      #expect(cache.byteCount <= 1000)
      #expect(cache[path(number)] == file(number))
    }
    #expect(cache[path(1)] == nil)
    #expect(cache[path(47)] == file(47))
  }

  @Test("keeps nothing where it may not, and nothing that alone is too large")
  func nothing() {
    let none = TileCache(limit: 0)
    none.keep(file(1), for: path(1))
    #expect(none[path(1)] == nil && none.byteCount == 0)
    let small = TileCache(limit: 199)
    small.keep(file(1), for: path(1))
    #expect(small[path(1)] == nil && small.byteCount == 0)
  }
}
