import Foundation
import Testing
import TongzhouClient

/// A node over the demonstration's year of hearts gives its money exports and signs to programs of others.
@Suite(
  DemoRun(endsNow: true),
  .enabled(
    if: PythonPrograms.has("iati, lxml.etree"),
    "pyIATI is not installed in .build/python; Scripts/setup --tests does it"))
struct MoneyExportTests {
  /// Fetches the exports as any program would, has pyIATI judge the activities by schema, code lists and rules, and
  /// adds up what it found.
  private static let script = """
    import decimal, json, sys, time, urllib.error, urllib.request
    import lxml.etree, iati, iati.default, iati.validator
    def get(path, tries=12):
        try:
            return urllib.request.urlopen(sys.argv[1] + path, timeout=120).read()
        except urllib.error.HTTPError as error:
            # A node that has just begun may still read its events, and says when to come again.
            if error.code != 503 or tries == 1: raise
            time.sleep(int(error.headers["Retry-After"]))
            return get(path, tries - 1)
    root = lxml.etree.fromstring(get("/v1/hearts/exports/iati.xml"))
    found = iati.validator.full_validation(
        iati.Dataset(lxml.etree.ElementTree(root)), iati.default.activity_schema("2.03"))
    bad = [error.name + " " + str(error.info) for error in found if error.status == "error"]
    below = []
    for activity in root.findall("iati-activity"):
        held = decimal.Decimal(0)
        for transaction in activity.findall("transaction"):
            value = decimal.Decimal(transaction.find("value").text)
            code = transaction.find("transaction-type").get("code")
            held += {"1": value, "2": 0, "3": -value, "4": -value}[code]
        if held < 0: below.append(activity.find("iati-identifier").text)
    grants = json.loads(get("/v1/hearts/exports/360giving.json"), parse_float=decimal.Decimal)["grants"]
    one = lxml.etree.fromstring(get("/v1/hearts/exports/iati.xml?project=0"))
    signs = json.loads(get("/v1/hearts/signs?limit=200"))["items"]
    print(json.dumps({
        "bad": bad[:20], "below": below, "activities": len(root.findall("iati-activity")),
        "one": len(one.findall("iati-activity")), "grants": len(grants),
        "cents": all(amount == round(amount, 2) for amount in (grant["amountAwarded"] for grant in grants)),
        "kinds": sorted({sign["kind"] for sign in signs})}))
    """

  @Test("pyIATI finds nothing amiss in a year, nobody spends what did not come in, and the signs are told")
  func year() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let port = try FreePort.find()
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if node.process.isRunning { node.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 60) { node.process.isRunning })
    await client.shutdown()
    let run = try await PythonPrograms.run(
      [PythonPrograms.python, "-W", "ignore", "-c", Self.script, "http://127.0.0.1:\(port)"], in: folder)
    #expect(run.status == 0, "\(run.errors.prefix(4_000))")
    let said = try run.object()
    #expect(said["bad"] as? [String] == [])
    #expect(said["below"] as? [String] == [])
    // Seven projects, each with its charity's activity, and those of others that had money of theirs.
    let (all, one) = (try #require(said["activities"] as? Int), try #require(said["one"] as? Int))
    #expect(all > 7 && one >= 1 && one < all)
    #expect(try #require(said["grants"] as? Int) > 12 && said["cents"] as? Bool == true)
    let kinds = Set(try #require(said["kinds"] as? [String]))
    #expect(
      kinds.isSuperset(of: ["overdrawn", "repeated", "round_trip", "ring", "only_overhead", "silent", "undistributed"]),
      "\(kinds)")
    #expect(node.stop() == 0)
  }
}
