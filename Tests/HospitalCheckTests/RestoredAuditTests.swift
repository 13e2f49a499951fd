import Storage
import Testing

@testable import HospitalCheck

/// What a restore explains of a chain that is shorter than it was.
struct RestoredAuditTests {
    private func anchor(_ place: Int64, at time: Int64?) -> WrittenAnchor {
        WrittenAnchor(AuditAnchor(AuditHead(place: place, hash: [UInt8(place)])), writtenAt: time)
    }

    private func places(_ anchors: [AuditAnchor]) -> [Int64] { anchors.map(\.head.place) }

    private let restoration = AuditRestoration(end: 10, archivedAt: 1_000, restoredAt: 2_000)

    @Test func `what was anchored after the archive and before the restore counts no more where somebody knows of it`() {
        let anchors = [anchor(9, at: 900), anchor(10, at: 950), anchor(11, at: 1_500), anchor(30, at: 1_999), anchor(12, at: 2_000)]
        let (restored, left) = RestoredAudit.settle([restoration], against: anchors, known: [2_000])
        #expect(places(left) == [9, 10, 12])
        #expect(restored == [RestoredAudit(restoration: restoration, lastLost: 30, isKnown: true)])
    }

    @Test(arguments: [[], [1_999], [2_001]] as [Set<Int64>])
    func `of a restore that nobody knows of all that was anchored counts`(known: Set<Int64>) {
        let (restored, left) = RestoredAudit.settle([restoration], against: [anchor(30, at: 1_999)], known: known)
        #expect(places(left) == [30])
        #expect(restored == [RestoredAudit(restoration: restoration, lastLost: 30, isKnown: false)])
    }

    @Test func `an anchor of which nobody told when it was written counts`() {
        let (restored, left) = RestoredAudit.settle([restoration], against: [anchor(30, at: nil)], known: [2_000])
        #expect(places(left) == [30] && restored.map(\.lastLost) == [nil])
    }

    @Test func `a restore explains nothing of what came after it, and a later one does`() {
        let later = AuditRestoration(end: 20, archivedAt: 3_000, restoredAt: 4_000)
        let anchors = [anchor(30, at: 1_500), anchor(18, at: 2_500), anchor(25, at: 3_500)]
        #expect(places(RestoredAudit.settle([restoration, later], against: anchors, known: [2_000]).anchors) == [18, 25])
        let (restored, left) = RestoredAudit.settle([restoration, later], against: anchors, known: [2_000, 4_000])
        #expect(places(left) == [18])
        #expect(restored.map(\.lastLost) == [30, 25])
    }
}
