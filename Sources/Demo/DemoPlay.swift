import SeededRandom
import Supervision
import Vocabulary

/// The life of the demo hospital, act by act.
struct DemoPlay {
    private static let bookingsOfDay = 16

    let people: DemoPeople
    let staff: DemoStaff
    let calendar: ClinicCalendar
    private let clock: MovedClock
    var random: SplitMix64
    var diary = DemoDiary()
    var visits: [DemoVisit] = []
    var counts = DemoCounts()
    private var requests = 0

    init(_ people: DemoPeople, _ staff: DemoStaff, _ clock: MovedClock, _ calendar: ClinicCalendar, seed: UInt64) {
        self.people = people
        self.staff = staff
        self.clock = clock
        self.calendar = calendar
        random = SplitMix64(seed: seed &+ 1)
        counts.doctors = people.doctors.count
        counts.patients = people.patients.count
    }

    /// A leave in each of the two weeks, one to come, and what the front desk books every day.
    mutating func plan(from first: LocalDate, through last: LocalDate) {
        for day in 0...Int(last.daysSinceEpoch - first.daysSinceEpoch) {
            guard let opening = instant(of: first.adding(days: day), hour: 8) else { continue }
            for number in 0..<Self.bookingsOfDay { diary.note(.book, at: opening + .seconds(number * 31 * 60)) }
        }
        for (place, leave) in [(day: 0, from: 3, days: 2), (day: 2, from: 9, days: 3), (day: 9, from: 17, days: 5)].enumerated() {
            guard let at = instant(of: first.adding(days: leave.day), hour: 7) else { continue }
            let doctor = place * 3 % max(1, people.doctors.count)
            diary.note(.enterLeave(doctor: doctor, from: first.adding(days: leave.from), days: leave.days), at: at + .seconds(60))
        }
    }

    mutating func run(until end: Instant) async throws {
        while let (at, act) = diary.next(before: end) {
            try Task.checkCancellation()
            try clock.move(to: at)
            try await perform(act, at: at)
        }
    }

    private mutating func perform(_ act: DemoAct, at now: Instant) async throws {
        switch act {
        case .book: try await book(at: now)
        case .enterLeave(let doctor, let from, let days): try await enterLeave(of: doctor, from: from, days: days)
        case .move(let visit): try await move(visit)
        case .checkIn(let visit): try await checkIn(visit)
        case .prescribe(let visit): try await prescribe(visit)
        case .complete(let visit): try await complete(visit)
        case .missed(let visit): try await markNoShow(visit)
        case .cancel(let visit, let byClinic): try await cancel(visit, byClinic: byClinic)
        case .billInAdvance(let visit): try await billInAdvance(visit)
        case .pay(let visit): try await pay(visit)
        case .refund(let visit): try await refund(visit)
        case .void(let visit): try await void(visit)
        }
    }

    /// A key that no other request of the demo has.
    mutating func nextKey() -> String {
        requests += 1
        return "demo-\(requests)"
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private func instant(of day: LocalDate, hour: Int) -> Instant? {
        TimeOfDay(hour: hour, minute: 0).flatMap { calendar.instants(of: day, at: $0).first }
    }
}
