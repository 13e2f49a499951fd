import DoctorRules
import Testing
import Vocabulary

struct ScheduleTests {
    @Test func `hours are put in order`() throws {
        let schedule = try Schedule([hours(.friday, "14:00", "18:00"), hours(.monday, "09:00", "12:00"), hours(.friday, "09:00", "13:00")])
        #expect(
            schedule.workingHours == [
                try hours(.monday, "09:00", "12:00"), try hours(.friday, "09:00", "13:00"), try hours(.friday, "14:00", "18:00"),
            ])
    }

    @Test func `stretches that touch stay two`() throws {
        let stretches = [try hours(.monday, "09:00", "13:00"), try hours(.monday, "13:00", "18:00")]
        #expect(try Schedule(stretches).workingHours == stretches)
    }

    @Test func `the same hours on two days do not overlap`() throws {
        let stretches = [try hours(.monday, "09:00", "13:00"), try hours(.tuesday, "09:00", "13:00")]
        #expect(try Schedule(stretches).workingHours == stretches)
    }

    @Test(arguments: [("12:59", "18:00"), ("08:00", "09:01"), ("09:00", "13:00"), ("10:00", "11:00"), ("08:00", "18:00")])
    func `a stretch that overlaps one before it is named`(start: String, end: String) throws {
        let stretches = [try hours(.monday, "09:00", "13:00"), try hours(.monday, start, end)]
        let rejection = #expect(throws: Rejection.self) { try Schedule(stretches) }
        #expect(rejection?.code == .invalidArgument)
        #expect(rejection?.violations == [.init(field: "working_hours[1]", sentence: "overlaps working_hours[0]")])
    }

    @Test(arguments: [("09:00", "09:00"), ("13:00", "09:00"), ("24:00", "24:00")])
    func `a stretch ends after it starts`(start: String, end: String) throws {
        let stretches = [try hours(.monday, start, end)]
        let rejection = #expect(throws: Rejection.self) { try Schedule(stretches) }
        #expect(rejection?.field == "working_hours[0].end")
    }

    @Test func `everything that is wrong is told at once`() throws {
        let stretches = [
            try hours(.monday, "09:00", "13:00"), try hours(.tuesday, "13:00", "09:00"), try hours(.monday, "12:00", "14:00"),
            try hours(.monday, "10:00", "10:00"),
        ]
        let rejection = #expect(throws: Rejection.self) { try Schedule(stretches) }
        #expect(rejection?.violations.map(\.field) == ["working_hours[1].end", "working_hours[2]", "working_hours[3].end"])
    }

    @Test func `a doctor works until midnight, or never`() throws {
        #expect(try Schedule([hours(.sunday, "00:00", "24:00")]).workingHours.count == 1)
        #expect(try Schedule([]).workingHours.isEmpty)
    }

    @Test func `until hours are set they are the clinic's on every day`() throws {
        #expect(Schedule.default.workingHours.map(\.weekday) == Weekday.allCases)
        #expect(Schedule.default.workingHours.allSatisfy { $0.start.description == "09:00" && $0.end.description == "18:00" })
    }

    private func hours(_ weekday: Weekday, _ start: String, _ end: String) throws -> WorkingHours {
        WorkingHours(weekday: weekday, start: try #require(TimeOfDay(start)), end: try #require(TimeOfDay(end)))
    }
}
