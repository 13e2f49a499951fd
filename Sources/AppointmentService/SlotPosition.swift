import ServiceKit
import Vocabulary

/// After which slot, and which doctor in it, a page begins.
struct SlotPosition: PagePosition {
    let start: Instant
    let doctorID: String

    static let beginning = SlotPosition(start: Instant(millisecondsSinceEpoch: .min), doctorID: "")

    init(start: Instant, doctorID: String) {
        self.start = start
        self.doctorID = doctorID
    }

    init?(sortKey: String) {
        let parts = sortKey.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return nil }
        self.init(start: Instant(millisecondsSinceEpoch: milliseconds), doctorID: String(parts[1]))
    }

    var sortKey: String { "\(start.millisecondsSinceEpoch) \(doctorID)" }
}
