import SeededRandom
import Testing
import Vocabulary

@testable import Demo

@Suite struct DemoDiaryTests {
    private static let noon = Instant(millisecondsSinceEpoch: 1_772_433_000_000)

    @Test func `acts come by their time, those of one time as they were noted, and none from the end on`() {
        var diary = DemoDiary()
        for (visit, minute) in [(0, 5), (1, 3), (2, 5), (3, 9), (4, 3)] {
            diary.note(.checkIn(visit: visit), at: Self.noon + .minutes(minute))
        }
        var order: [Int] = []
        while let next = diary.next(before: Self.noon + .minutes(9)) {
            guard case .checkIn(let visit) = next.act else { continue }
            order.append(visit)
        }
        #expect(order == [1, 4, 0, 2])
    }

    @Test func `every visit goes some way, and all ways are gone`() {
        #expect(DemoCourse.allCases.map(\.share).reduce(0, +) == 100)
        var random = SplitMix64(seed: 1)
        let courses = Set((0..<1_000).map { _ in DemoCourse.random(using: &random) })
        #expect(courses.count == DemoCourse.allCases.count)
    }

    @Test func `the same seed makes the same people`() {
        let (one, other) = (DemoHospital(seed: 1), DemoHospital(seed: 1))
        #expect(one.patients == other.patients && one.doctors.map(\.body) == other.doctors.map(\.body))
        #expect(DemoHospital(seed: 2).patients != one.patients)
    }

    @Test(arguments: ["Asia/Kolkata", "America/New_York", "Asia/Kathmandu"])
    func `a demo begins two weeks before it ends, at seven`(zone: String) throws {
        let calendar = try #require(ClinicCalendar(timeZone: zone))
        let beginning = calendar.localTime(of: DemoFilling.beginning(before: Self.noon, calendar))
        #expect(beginning.day == calendar.day(of: Self.noon).adding(days: -14))
        #expect(beginning.millisecondOfDay == 7 * 3_600_000)
    }
}
