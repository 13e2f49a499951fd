import Contracts
import ServiceKit
import Testing

/// What others can follow of the hospital.
@Suite struct FollowingTests {
    @Test func `every event of the contract reaches the service that tells others of it`() {
        let told = Set(
            WholeHospital.definitions.flatMap(\.subscriptions).filter { $0.subscriber == "notification" }.flatMap(\.eventTypes))
        let ofPeople = PatientEvent.allCases.map(\.rawValue) + DoctorEvent.allCases.map(\.rawValue)
        let ofVisits = AppointmentEvent.allCases.map(\.rawValue) + PrescriptionEvent.allCases.map(\.rawValue)
        let ofMoney = BillEvent.allCases.map(\.rawValue) + PaymentEvent.allCases.map(\.rawValue)
        #expect(told == Set(ofPeople + ofVisits + ofMoney))
    }
}
