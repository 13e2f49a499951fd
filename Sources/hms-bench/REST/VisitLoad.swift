import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Vocabulary

/// Whole visits, sent by wrk in two halves: patients are registered and booked; then the clock is moved behind their slots, and
/// they are seen, billed and pay.
struct VisitLoad {
    private let ground: VisitGround
    private let hospital: HospitalProcess
    private let clock: MovedClock
    private let folder: TemporaryFolder
    private let scriptFile: String
    /// An administrator's, who may do all of it.
    private let token: String

    /// More than can be booked in a second.
    private static let slotsOfSecond = 6_000

    init(ground: VisitGround, hospital: HospitalProcess, clock: MovedClock, folder: TemporaryFolder) throws {
        (self.ground, self.hospital, self.clock, self.folder) = (ground, hospital, clock, folder)
        token = try hospital.data.token(subject: "admin", role: .admin, lifetime: .seconds(7_200))
        scriptFile = folder.path + "/visits.lua"
        try VisitScript.text.write(toFile: scriptFile, atomically: false, encoding: .utf8)
    }

    /// The first half lasts twice as long, so that the second doesn't run out of visits.
    func run(connections: Int, seconds: Int, round: Int) async throws -> RESTLoad.Round {
        let slots = ground.slots(2 * seconds * Self.slotsOfSecond).joined(separator: "\n") + "\n"
        let (slotsFile, bookedFile) = (folder.path + "/slots", folder.path + "/booked")
        try slots.write(toFile: slotsFile, atomically: false, encoding: .utf8)
        let variables = ["SLOTS": slotsFile, "BOOKED": bookedFile]
        let first = try await load(.first, variables).run(on: hospital, connections: connections, seconds: 2 * seconds, round: round)
        try gatherBooked(into: bookedFile)
        try clock.move(to: ground.morningAfter())
        // The processes look at the clock's file, and what is under way comes to its end.
        try await Task.sleep(for: .seconds(1))
        let second = try await load(.second, variables).run(on: hospital, connections: connections, seconds: seconds, round: round)
        return RESTLoad.Round(halves: first, second)
    }

    private enum Half: String {
        case first, second
    }

    private func load(_ half: Half, _ variables: [String: String]) -> RESTLoad {
        RESTLoad(
            name: "\(half.rawValue) half of visits", scriptFile: scriptFile, token: token,
            variables: variables.merging(["HALF": half.rawValue]) { $1 })
    }

    /// Each of wrk's threads has written its own file.
    private func gatherBooked(into file: String) throws {
        let parts = [file + "0", file + "1"].filter(FileManager.default.fileExists)
        let all = try parts.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        for part in parts { try FileManager.default.removeItem(atPath: part) }
        try all.write(toFile: file, atomically: false, encoding: .utf8)
    }
}

extension RESTLoad.Round {
    /// A visit takes the time of both halves.
    fileprivate init(halves first: RESTLoad.Round, _ second: RESTLoad.Round) {
        self.init(
            perSecond: 1 / (1 / first.perSecond + 1 / second.perSecond), p50: (first.p50 + second.p50) / 2, p99: max(first.p99, second.p99),
            processorTime: first.processorTime + second.processorTime,
            processorsBusy: (first.processorsBusy * 2 + second.processorsBusy) / 3)
    }
}
