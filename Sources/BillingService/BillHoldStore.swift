import RPC
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// - Throws: `UNAVAILABLE` while the patient service is about to commit that this patient is gone.
    func requireNoHold(onBillsOf patientID: String) throws {
        let isHeld = try exists(
            "SELECT 1 FROM bill_holds WHERE patient_id = ? AND expires_at > (SELECT milliseconds FROM hms_clock)", [.text(patientID)])
        if isHeld { throw RPCError.unavailable("The patient is about to change.", retryAfter: .seconds(1)) }
    }
}

extension Transaction {
    /// Lets nobody make a bill of this patient by hand for ``BookingHold/length`` by the database's clock. Holds that are over
    /// are forgotten.
    func holdBills(of patientID: String) throws {
        try enqueue("DELETE FROM bill_holds WHERE expires_at <= (SELECT milliseconds FROM hms_clock)")
        try enqueue(
            """
            INSERT INTO bill_holds (patient_id, expires_at) VALUES (?, (SELECT milliseconds FROM hms_clock) + ?)
            ON CONFLICT (patient_id) DO UPDATE SET expires_at = excluded.expires_at
            """,
            [.text(patientID), .integer(BookingHold.length.wholeMilliseconds)])
    }
}
