import Testing
import Vocabulary

@testable import HospitalCheck

/// What several looks at a hospital come to that goes on working, or might. Events wait for others, each a step behind.
@Suite struct RepeatedLooksTests {
    private static let delivered = "An event arrives"
    private static let routes = [EventRoute(from: "left", to: "right", types: ["told"])]
    private static let start = ContinuousClock.now

    private static func check(_ constancy: Constancy) throws -> HospitalCheck {
        let services = ["left", "right"]
        let calendar = try #require(ClinicCalendar(timeZone: "Asia/Kolkata"))
        let clinic = ClinicKnowledge(services: services, routes: routes, calendar: calendar)
        return HospitalCheck(clinic, [Invariant(delivered, of: Set(services), constancy) { _ in Finding(count: 0, breaches: []) }])
    }

    /// Looks a number of seconds after the first one, each with what it found.
    private static func report(
        _ constancy: Constancy = .inTheEnd, waiting: Bool, isServed: Bool = true, _ looks: [(seconds: Int, breaches: [String])]
    ) throws -> CheckReport? {
        var repeated = RepeatedLooks(try check(constancy))
        for look in looks {
            repeated.add(
                Look(
                    findings: [Finding(count: 2, breaches: look.breaches)],
                    work: WaitingWork(routes: waiting ? routes : [], hasPendingPayment: false), isServed: isServed,
                    instant: start + .seconds(look.seconds)))
        }
        return repeated.report
    }

    @Test func `one look at a hospital in which nothing is wrong is enough`() throws {
        #expect(try Self.report(waiting: true, [(0, [])])?.lines.map(\.verdict) == [.holds])
    }

    @Test(arguments: [Constancy.always, .acrossServices, .inTheEnd])
    func `what is wrong and waits for nothing is broken after three looks`(constancy: Constancy) throws {
        let looks = [(0, ["a", "b"]), (2, ["b", "c"]), (4, ["b"])]
        #expect(try Self.report(constancy, waiting: false, Array(looks.prefix(2))) == nil)
        #expect(try Self.report(constancy, waiting: false, looks)?.breaches() == [Self.delivered: ["b"]])
    }

    @Test(arguments: [Constancy.acrossServices, .inTheEnd])
    func `what differs from look to look is only on its way`(constancy: Constancy) throws {
        #expect(try Self.report(constancy, waiting: true, [(0, ["a"]), (2, ["b"])])?.isSound == true)
    }

    @Test func `what is wrong at any moment is broken even if it is mended`() throws {
        #expect(try Self.report(.always, waiting: true, [(0, ["a"]), (2, ["b"]), (4, ["c"])])?.breaches() == [Self.delivered: ["c"]])
    }

    @Test func `what an event on its way can make true is given a minute while somebody delivers`() throws {
        #expect(try Self.report(waiting: true, [(0, ["a"]), (2, ["a"]), (59, ["a"])]) == nil)
        #expect(try Self.report(waiting: true, [(0, ["a"]), (2, ["a"]), (59, ["a"]), (60, [])])?.isSound == true)
        #expect(try Self.report(waiting: true, [(0, ["a"]), (2, ["a"]), (60, ["a"])])?.breaches() == [Self.delivered: ["a"]])
    }

    @Test func `what is true of several databases at every moment is not given a minute`() throws {
        #expect(try Self.report(.acrossServices, waiting: true, [(0, ["a"]), (2, ["a"]), (4, ["a"])])?.isSound == false)
    }

    @Test func `an event waits for the start where nobody is there to deliver it`() throws {
        let report = try Self.report(waiting: true, isServed: false, [(0, ["a"])])
        #expect(report?.breaches(.waits) == [Self.delivered: ["a"]])
        #expect(report?.isSound == true)
    }

    @Test func `where nobody is there, what waits for nothing is broken`() throws {
        #expect(try Self.report(waiting: false, isServed: false, [(0, ["a"]), (2, ["a"]), (4, ["a"])])?.isSound == false)
    }
}
