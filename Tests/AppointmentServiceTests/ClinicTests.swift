import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// What holds for the whole clinic.
@Suite(.timeLimit(.minutes(10))) struct ClinicTests {
    @Test(arguments: [CallerRole.reception, .doctor, .billing, .admin])
    func `whoever works here can ask what its times and amounts are in`(role: CallerRole) async throws {
        try await withAppointments { hospital in
            let clinic = try #require(try await hospital.client(role).getClinic(GetClinicRequest()).clinic)
            let told = hospital.hospital.configuration.clinic
            #expect(clinic == Clinic(timeZone: told.timeZone, currency: told.currency, consultationFee: told.consultationFee))
            #expect(clinic.timeZone == "Asia/Kolkata" && clinic.currency == "INR")
        }
    }
}
