import Vocabulary

/// Something that somebody does in the demo hospital. Visits are known by their place in the list of all.
enum DemoAct: Sendable {
    case book
    case enterLeave(doctor: Int, from: LocalDate, days: Int)
    case move(visit: Int)
    case checkIn(visit: Int)
    case prescribe(visit: Int)
    case complete(visit: Int)
    case missed(visit: Int)
    case cancel(visit: Int, byClinic: Bool)
    case billInAdvance(visit: Int)
    case pay(visit: Int)
    case refund(visit: Int)
    case void(visit: Int)
}
