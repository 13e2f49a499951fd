public import Storage

/// Looks at all the databases of a hospital and says which invariants hold.
public struct HospitalCheck: Sendable {
    public let invariants: [Invariant]
    let clinic: ClinicKnowledge

    public init(_ clinic: ClinicKnowledge) {
        self.init(clinic, Invariants.all(of: clinic))
    }

    init(_ clinic: ClinicKnowledge, _ invariants: [Invariant]) {
        self.clinic = clinic
        self.invariants = invariants
    }

    /// What one look at databases of a hospital at rest finds.
    ///
    /// What is true in the end is not broken as long as work waits that can make it true: the hospital was stopped over it,
    /// and goes on when it starts.
    public func judge(atRest files: any DatabasesSideBySide) throws -> CheckReport {
        let findings = try look(at: files)
        let work = try Invariants.waitingWork(Evidence(files: files, clinic: clinic))
        return report(findings) { work.excuses($0) ? .waits : .broken }
    }

    /// Whether nothing is on its way, so that what is true in the end has to be true now.
    public func isSettled(_ files: any DatabasesSideBySide) throws -> Bool {
        try Invariants.waitingWork(Evidence(files: files, clinic: clinic)).isNone
    }

    func look(at files: any DatabasesSideBySide) throws -> [Finding] {
        let evidence = Evidence(files: files, clinic: clinic)
        return try invariants.map { invariant in
            do {
                return try invariant.look(evidence)
            } catch StorageError.corrupt {
                return Finding(count: 0, breaches: ["a database is damaged and can't be read any further"])
            }
        }
    }

    private func report(_ findings: [Finding], ofBreached verdict: (Invariant) -> CheckReport.Verdict) -> CheckReport {
        CheckReport(
            lines: zip(invariants, findings).map { invariant, finding in
                .init(invariant: invariant, finding: finding, verdict: finding.breaches.isEmpty ? .holds : verdict(invariant))
            })
    }
}
