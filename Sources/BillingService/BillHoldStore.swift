import RPC
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// - Throws: `UNAVAILABLE` while the patient service is about to commit that this patient is gone.
    func requireNoHold(onBillsOf patientID: String) throws {
        let now = HospitalClock.system.now()
        let isHeld = try exists(
            "SELECT 1 FROM bill_holds WHERE patient_id = ? AND expires_at > ?", [.text(patientID), .integer(now.millisecondsSinceEpoch)])
        if isHeld { throw RPCError.unavailable("The patient is about to change.", retryAfter: .seconds(1)) }
    }
}

extension Transaction {
    /// Lets nobody make a bill of this patient by hand for ``BookingHold/length``. Holds that are over are forgotten.
    ///
    /// - Parameter realNow: by the real clock.
    func holdBills(of patientID: String, at realNow: Instant) throws {
        try enqueue("DELETE FROM bill_holds WHERE expires_at <= ?", [.integer(realNow.millisecondsSinceEpoch)])
        try enqueue(
            """
            INSERT INTO bill_holds (patient_id, expires_at) VALUES (?, ?)
            ON CONFLICT (patient_id) DO UPDATE SET expires_at = excluded.expires_at
            """,
            [.text(patientID), .integer((realNow + BookingHold.length).millisecondsSinceEpoch)])
    }
}
