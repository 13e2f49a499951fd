public import Storage

/// What one look at all databases of a hospital that may go on working found.
public struct Look: Sendable {
    /// Of each invariant, in the order of the check.
    let findings: [Finding]
    let work: WaitingWork
    /// Whether anybody is there who goes on with that work.
    let isServed: Bool
    let instant: ContinuousClock.Instant
}

/// What looks at a hospital that may go on working come to, one after the other.
///
/// What is not true in every state of a database counts only where the same was wrong in each of three looks. What work that
/// waits can still make true is given a minute where somebody is there to do it: an event is tried again after half of one at
/// the latest, and who takes the place of a process that died does so within a quarter. Where nobody is, it waits for the start.
public struct RepeatedLooks: Sendable {
    public static let pause: Duration = .seconds(2)
    private static let fewest = 3
    private static let patience: Duration = .seconds(60)

    private let check: HospitalCheck
    private var count = 0
    private var first: Look?
    private var last: Look?
    /// Of each invariant, what every look has found.
    private var lasting: [Finding] = []

    public init(_ check: HospitalCheck) {
        self.check = check
    }

    public mutating func add(_ look: Look) {
        count += 1
        first = first ?? look
        last = look
        lasting = zip(check.invariants, look.findings).enumerated().map { index, pair in
            let (invariant, finding) = pair
            guard invariant.constancy != .always, lasting.indices.contains(index) else { return finding }
            let earlier = Set(lasting[index].breaches)
            return Finding(count: finding.count, breaches: finding.breaches.filter(earlier.contains))
        }
    }

    /// Nil where another look is needed.
    public var report: CheckReport? {
        let verdicts = zip(check.invariants, lasting).map { verdict(of: $0, $1) }
        guard last != nil, verdicts.allSatisfy({ $0 != nil }) else { return nil }
        let lines = zip(zip(check.invariants, lasting), verdicts.compactMap(\.self))
        return CheckReport(lines: lines.map { .init(invariant: $0.0, finding: $0.1, verdict: $1) })
    }

    /// Nil where it is not sure yet.
    private func verdict(of invariant: Invariant, _ finding: Finding) -> CheckReport.Verdict? {
        guard let first, let last, !finding.breaches.isEmpty else { return .holds }
        let isExcused = last.work.excuses(invariant)
        if isExcused, !last.isServed { return .waits }
        if count < Self.fewest { return nil }
        return isExcused && last.instant - first.instant < Self.patience ? nil : .broken
    }
}

extension HospitalCheck {
    /// - Parameter isServed: whether anybody is there who goes on with what the hospital has begun.
    public func look(at files: any DatabasesSideBySide, isServed: Bool, at instant: ContinuousClock.Instant = .now) throws -> Look {
        let work = try Invariants.waitingWork(Evidence(files: files, clinic: clinic))
        return Look(findings: try look(at: files), work: work, isServed: isServed, instant: instant)
    }
}
