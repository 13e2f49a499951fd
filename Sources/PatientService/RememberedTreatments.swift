import Synchronization

/// Whom doctors were found to treat in the last minute, so that a doctor who goes through his day's patients asks once for each.
///
/// Nobody is refused by what is remembered. A doctor whose appointment was called off is let in for a minute more.
final class RememberedTreatments: Sendable {
    private struct Pair: Hashable {
        let doctorID: String
        let patientID: String
    }

    private let found = Mutex<[Pair: ContinuousClock.Instant]>([:])

    private static let bestBefore: Duration = .seconds(60)
    /// So many are remembered; then it begins anew.
    private static let most = 8_192

    /// Those of some patients of whom it is not remembered that the doctor treats them, each once.
    func unknown(of patientIDs: [String], by doctorID: String) -> [String] {
        let oldest = ContinuousClock.now - Self.bestBefore
        return found.withLock { found in
            Set(patientIDs).filter { patientID in
                guard let instant = found[Pair(doctorID: doctorID, patientID: patientID)] else { return true }
                return instant < oldest
            }
        }.sorted()
    }

    func remember(_ patientIDs: Set<String>, by doctorID: String) {
        let now = ContinuousClock.now
        found.withLock { found in
            if found.count + patientIDs.count > Self.most { found = [:] }
            for patientID in patientIDs { found[Pair(doctorID: doctorID, patientID: patientID)] = now }
        }
    }
}
