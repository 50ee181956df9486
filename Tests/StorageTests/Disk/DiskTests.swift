import Foundation
import Storage
import TestSupport
import Testing

/// What every disk has to do, on the operating system's and on the one in memory.
struct DiskTests {
  /// A disk and a directory on it that holds nothing.
  struct Place: CustomTestStringConvertible, Sendable {
    let name: String
    let make: @Sendable () throws -> (any Disk, String)
    var testDescription: String { name }
  }

  static let places = [
    Place(name: "operating system") {
      let path = NSTemporaryDirectory() + "tongzhou-disk-" + UUID().uuidString
      try PosixDisk().makeDirectory(path)
      return (PosixDisk(), path)
    },
    Place(name: "memory") { (MemoryDisk(seed: 1), "") },
  ]

  private func withPlace(_ place: Place, _ body: (any Disk, String) throws -> Void) throws {
    let (disk, path) = try place.make()
    defer { if disk is PosixDisk { try? FileManager.default.removeItem(atPath: path) } }
    try body(disk, path)
  }

  @Test("a file is written at any place, read in parts, cut off and filled up", arguments: places)
  func file(place: Place) throws {
    try withPlace(place) { disk, path in
      let file = try disk.create(path + "/a")
      try file.write([1, 2, 3], at: 0)
      try file.write([9], at: 5)
      #expect(try file.size() == 6)
      #expect(try file.read(at: 0, count: 100) == [1, 2, 3, 0, 0, 9])
      #expect(try file.read(at: 2, count: 2) == [3, 0])
      #expect(try file.read(at: 6, count: 1) == [])
      #expect(try file.read(at: 60, count: 1) == [])
      try file.truncate(to: 2)
      try file.truncate(to: 4)
      try file.sync()
      #expect(try disk.read(path + "/a") == [1, 2, 0, 0])
      #expect(try disk.read(path + "/a", at: 1, count: 2) == [2, 0])
      #expect(throws: StorageError(.inputOutput, "")) { try disk.read(path + "/a", at: 3, count: 2) }
      #expect(try disk.create(path + "/a").size() == 0)
    }
  }

  @Test("what is not there reads as nothing and is removed without complaint", arguments: places)
  func missing(place: Place) throws {
    try withPlace(place) { disk, path in
      #expect(try disk.open(path + "/none", .writing) == nil)
      #expect(try disk.read(path + "/none/none") == nil)
      #expect(try disk.list(path + "/none") == nil)
      try disk.remove(path + "/none")
      try disk.removeDirectory(path + "/none")
      #expect(throws: StorageError(.inputOutput, "")) { try disk.create(path + "/none/none") }
      #expect(throws: StorageError(.inputOutput, "")) { try disk.rename(path + "/none", to: path + "/other") }
      #expect(throws: StorageError(.inputOutput, "")) { try disk.syncDirectory(path + "/none") }
      #expect(throws: StorageError(.inputOutput, "")) { try disk.sync(path + "/none") }
    }
  }

  @Test("replacing leaves the new bytes under the name and nothing else", arguments: places)
  func replace(place: Place) throws {
    try withPlace(place) { disk, path in
      try disk.replace(path + "/a", with: [1])
      try disk.replace(path + "/a", with: [2, 3])
      try disk.replace(path + "/b", with: [], durability: .buffered)
      #expect(try disk.read(path + "/a") == [2, 3])
      #expect(try disk.files(below: path) == ["a", "b"])
    }
  }

  @Test("directories are made with those above them and listed with what is in them", arguments: places)
  func directories(place: Place) throws {
    try withPlace(place) { disk, path in
      try disk.makeDirectory(path + "/x/y/z")
      try disk.makeDirectory(path + "/x/y/z")
      try disk.replace(path + "/x/y/1", with: [1])
      try disk.replace(path + "/x/y/z/2", with: [2])
      try disk.replace(path + "/x/10", with: [3])
      #expect(try disk.files(below: path) == ["x/10", "x/y/1", "x/y/z/2"])
      let here = try #require(try disk.list(path + "/x"))
      #expect(Set(here) == [DiskEntry(name: "10", isDirectory: false), DiskEntry(name: "y", isDirectory: true)])
      try disk.removeDirectory(path + "/x/y/z")
      #expect(try disk.list(path + "/x/y/z") != nil, "a directory with a file in it was removed")
      try disk.remove(path + "/x/y/z/2")
      try disk.removeDirectory(path + "/x/y/z")
      #expect(try disk.list(path + "/x/y/z") == nil)
      #expect(throws: StorageError(.inputOutput, "")) { try disk.createDirectory(path + "/x/10") }
      #expect(throws: StorageError(.inputOutput, "")) { try disk.createDirectory(path + "/p/q") }
      #expect(throws: StorageError(.inputOutput, "")) { try disk.files(below: path + "/p") }
    }
  }

  @Test("the operating system's full disk has a code of its own")
  func fullDevice() throws {
    let device = try #require(try? PosixDisk().create("/dev/full"))
    #expect(throws: StorageError(.diskFull, "")) { try device.write([1], at: 0) }
    #expect(throws: StorageError(.inputOutput, "")) { try PosixDisk().open("/dev/full", .reading) }
    #expect(throws: StorageError(.inputOutput, "")) { try PosixDisk().read("/dev") }
  }

  @Test(
    "the directory of a path",
    arguments: [("a/b", "a"), ("/a", "/"), ("a", "."), ("/a/b/", "/a"), ("/", "/")])
  func directory(path: String, above: String) {
    #expect(PosixDisk.directory(of: path) == above)
  }
}
