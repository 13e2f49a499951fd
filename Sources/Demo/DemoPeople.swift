import HospitalClient

/// Who is in the demo hospital.
struct DemoPeople: Sendable {
    struct Doctor: Sendable {
        let id: String
        let department: String
        let sender: PersistentSender
    }

    var doctors: [Doctor] = []
    var patients: [String] = []
}
