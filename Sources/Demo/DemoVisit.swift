import Vocabulary

/// An appointment of the demo hospital.
struct DemoVisit: Sendable {
    let id: String
    let doctor: Int
    var start: Instant
    let course: DemoCourse
    /// Of the bill's payment, once there is one.
    var paymentID: String?
}
