internal import Ledger
internal import Simulator
internal import TongzhouClient

extension PopulationFile {
  /// The population in the forecast's own terms.
  var population: ForecastPopulation {
    func part(_ partsPerMillion: UInt32) -> Double { Double(partsPerMillion) / 1_000_000 }
    return ForecastPopulation(
      groups: groups.map {
        ForecastPopulation.Group(
          from: Int($0.from), to: Int($0.to), weight: Double($0.persons), men: part($0.menPartsPerMillion))
      },
      size: Int(size), joiningAYear: Int(joiningAYear), cases: cases.map { ($0.key, part($0.partsPerMillion)) },
      declaration: ForecastPopulation.HealthDeclaration(
        first: part(firstYearPartsPerMillion), later: part(laterPartsPerMillion), years: Int(selectionYears),
        spread: part(spreadPartsPerMillion)),
      leaving: ForecastPopulation.Leaving(
        anyway: part(leavingPartsPerMillion), tolerance: Double(toleranceMicro) / Double(Amount.microPerYuan)))
  }
}
