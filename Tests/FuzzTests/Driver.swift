import Foundation

/// libFuzzer's own loop, out of the toolchain's libclang_rt.fuzzer_no_main.
@_silgen_name("LLVMFuzzerRunDriver")
func LLVMFuzzerRunDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ try: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `fuzz` prints the names of the targets; `fuzz NAME CORPUS [OPTION…]` runs one with libFuzzer's options, its good
/// inputs put into the folder CORPUS first; `fuzz NAME FILE` tries one file.
@main
enum Driver {
  /// The target that runs; libFuzzer's callback is a C function and can carry nothing.
  nonisolated(unsafe) static var target = FuzzTarget.all[0]

  static func main() throws {
    let words = CommandLine.arguments
    guard words.count > 2 else {
      for target in FuzzTarget.all { print(target.name) }
      return
    }
    guard let found = FuzzTarget.all.first(where: { $0.name == words[1] }) else {
      FileHandle.standardError.write(Data("fuzz: no target \(words[1])\n".utf8))
      exit(2)
    }
    target = found
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: words[2], isDirectory: &isFolder), isFolder.boolValue {
      for (number, seed) in try found.seeds().enumerated() {
        try Data(seed).write(to: URL(fileURLWithPath: "\(words[2])/seed-\(number)"))
      }
    }
    let options = [words[0], "-max_len=\(found.maximumBytes)"] + words.dropFirst(2)
    // libFuzzer takes over no signal that has a handler, and Swift's own only prints where it happened.
    for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
    var count = CInt(options.count)
    // libFuzzer keeps them for as long as it runs.
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: options.count + 1)
    for (place, option) in options.enumerated() { list[place] = strdup(option) }
    list[options.count] = nil
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
    exit(LLVMFuzzerRunDriver(&count, &arguments, tryOne))
  }
}

/// Tries one input. What does not hold stops the program, which libFuzzer notes with the input.
private func tryOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    _ = try Driver.target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    FileHandle.standardError.write(Data("fuzz: \(Driver.target.name): \(error)\n".utf8))
    abort()
  }
  return 0
}
