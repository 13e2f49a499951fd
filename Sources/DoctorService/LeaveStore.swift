import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A leave as the table holds it.
struct StoredLeave: StoredRecord {
    /// The order in which leaves were entered.
    let sequence: Int64
    let leave: Leave
}

extension Reader {
    /// The leaves of a doctor that were not removed, newest first.
    func leaves(of doctorID: String, on page: PageRequest<Int64>) throws -> ListPage<StoredLeave> {
        var conditions = ListConditions(before: page.position)
        conditions.require("doctor_id = ? AND removed_at IS NULL", .text(doctorID))
        return try newest(page, where: conditions)
    }

    /// The leaves of a doctor that were not removed and lie at least partly in a stretch of time, by their start.
    func leaves(of doctorID: String, touching period: LeavePeriodOfInterest) throws -> [Leave] {
        try rows(
            """
            SELECT \(StoredLeave.columns) FROM leaves
            WHERE doctor_id = ? AND removed_at IS NULL AND end_at > ? AND start_at < ? ORDER BY start_at, seq
            """,
            [.text(doctorID), .integer(period.start.millisecondsSinceEpoch), .integer(period.end.millisecondsSinceEpoch)],
            { StoredLeave($0).leave })
    }
}

extension Transaction {
    func insert(_ leave: Leave) throws {
        noteChange(to: leave)
        try enqueue(
            "INSERT INTO leaves (leave_id, doctor_id, start_at, end_at, reason, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(leave.leaveID), .text(leave.doctorID), SQLValue(leave.start?.instant?.millisecondsSinceEpoch),
                SQLValue(leave.end?.instant?.millisecondsSinceEpoch), .text(leave.reason),
                SQLValue(leave.createdAt?.instant?.millisecondsSinceEpoch),
            ])
    }

    /// False where the doctor never had this leave. The first removal counts.
    func removeLeave(_ leaveID: String, of doctorID: String, at now: Instant) throws -> Bool {
        noteChange(of: "removed_at")
        return try execute(
            "UPDATE leaves SET removed_at = coalesce(removed_at, ?) WHERE leave_id = ? AND doctor_id = ?",
            [.integer(now.millisecondsSinceEpoch), .text(leaveID), .text(doctorID)]) == 1
    }
}

extension StoredLeave {
    static let kind = RecordKind.leave
    static let table = "leaves"
    static let columns = "seq, leave_id, doctor_id, start_at, end_at, reason, created_at"
    static let exportCondition = " AND removed_at IS NULL"

    init(_ row: borrowing Row) {
        sequence = row.int64(0)
        leave = Leave(
            leaveID: row.text(1), doctorID: row.text(2), start: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(3))),
            end: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(4))), reason: row.text(5),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(6))), version: 1)
    }
}
