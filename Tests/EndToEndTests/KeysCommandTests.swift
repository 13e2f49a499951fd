import Foundation
import HMSTestKit
import ProcessDriving
import Supervision
import Testing

/// `hms keys rotate`, on a hospital that goes on.
@Suite(.timeLimit(.minutes(10))) struct KeysCommandTests {
    @Test func `after a theft services ask one another as before, at once`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let data = ["--data", hospital.data.path]
        let day = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 2 * 86_400)).prefix(10)
        let request = #"{"department": "Cardiology", "from": "\#(day)", "to": "\#(day)"}"#
        let slots = ["call", "hms.appointment.v1.AppointmentService/ListSlots", request] + data
        // The doctor service is asked, with a token of the appointment service's.
        #expect(try await CommandRun(Clinic.executable, slots).status == 0)
        #expect(try await CommandRun(Clinic.executable, ["keys", "rotate", "--keep", "0s"] + data).status == 0)
        for _ in 1...3 { #expect(try await CommandRun(Clinic.executable, slots).status == 0) }
        #expect(try await hospital.stop() == 0)
    }
}
