import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(Chaos.asAsked().minutesAtMost))) struct AcknowledgedWriteTests {
    private static let settings = ["HMS_PAYMENT_PROVIDER": "sandbox", "HMS_PAYMENT_SWEEP_AFTER": "1s"]

    @Test func `no acknowledged write is lost when every service is killed, and everything is as it must be afterwards`() async throws {
        let chaos = Chaos.asAsked()
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: HospitalClock.system.now())
        let cache = chaos.hasCache ? try await CacheServer.start() : nil
        defer { cache?.kill() }
        let settings = Self.settings.merging(["HMS_CACHE": cache.map { "redis://127.0.0.1:\($0.port)" } ?? ""]) { $1 }
        let hospital = try await HospitalProcess.start(
            BuiltExecutables.executable, in: folder, arguments: ["--clock", clock.path, "--replicas", "\(chaos.replicas)"],
            environment: settings.merging(chaos.databaseSetting) { $1 })
        let report = try await chaos.run(against: hospital, clock: clock, cache: cache)
        print("\(chaos.shown)\n\(report)")
        #expect(report.acknowledged > 0)
        #expect(report.lost.isEmpty)
        #expect(report.unexpected.isEmpty)
        #expect(report.backAfter.count == Settings.services.count * chaos.replicas * chaos.killsOfEach)
        #expect(report.stoodStill.count == chaos.serverKills)
        let check = try await BuiltExecutables.check(hospital, soundWithin: .seconds(60), environment: chaos.databaseSetting)
        #expect(check.status == 0, "\(check.output)")
        #expect(try await hospital.stop() == 0)
        let checkAtRest = try await BuiltExecutables.check(hospital, environment: chaos.databaseSetting)
        #expect(checkAtRest.status == 0, "\(checkAtRest.output)")
    }
}
