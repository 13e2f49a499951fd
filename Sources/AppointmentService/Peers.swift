import AppointmentRules
import Contracts
import RPC
import ServiceKit
import Vocabulary

/// What the appointment service needs of the patient and the doctor service.
struct AppointmentPeers: Sendable {
    private let peers: Peers
    private let patients: PatientServiceClient
    private let doctors: DoctorServiceClient
    private let remembered = RememberedPeople()

    init(_ peers: Peers) {
        self.peers = peers
        patients = PatientServiceClient(peers.channel(to: "patient"))
        doctors = DoctorServiceClient(peers.channel(to: "doctor"))
    }

    /// Asks both services at the same time who would meet in a slot.
    ///
    /// - Throws: `UNAVAILABLE` where one of them does not answer. Somebody who does not exist is nil.
    func people(of patientID: String, with doctorID: String, in slot: Slot, _ context: CallContext) async throws -> BookingPeople {
        let age = FactsAge()
        async let patient = patient(patientID, context)
        async let doctor = doctor(doctorID, in: slot, context)
        let people = try await BookingPeople(patient: patient, doctor: doctor, age: age)
        if let patient = people.patient { remembered.remember(patient, age) }
        if let doctor = people.doctor { remembered.remember(doctor, in: WeekOfLeaves(of: slot), age) }
        return people
    }

    /// Who would meet in a slot, where both were asked for in the last two seconds; nil where one was not.
    func rememberedPeople(of patientID: String, with doctorID: String, in slot: Slot) -> BookingPeople? {
        guard let patient = remembered.patient(patientID), let doctor = remembered.doctor(doctorID, in: WeekOfLeaves(of: slot)) else {
            return nil
        }
        return BookingPeople(patient: patient.answer, doctor: doctor.answer, age: .oldest(patient.age, doctor.age))
    }

    /// Lets go of what is remembered of a doctor who has changed.
    func forget(doctor doctorID: String) {
        remembered.forget(doctor: doctorID)
    }

    /// Asks for the doctor alone, for whom the patient is known to be one.
    func people(of doctorID: String, in slot: Slot, _ context: CallContext) async throws -> BookingPeople {
        let age = FactsAge()
        return BookingPeople(patient: nil, doctor: try await doctor(doctorID, in: slot, context), age: age)
    }

    /// Asks for the patient alone, whose appointment is over for the doctor too.
    func people(ofPatient patientID: String, _ context: CallContext) async throws -> BookingPeople {
        let age = FactsAge()
        return BookingPeople(patient: try await patient(patientID, context), doctor: nil, age: age)
    }

    /// When the doctors of `whom` see patients: of a department some of those whose id comes after `doctorID`.
    ///
    /// - Throws: `DOCTOR_NOT_FOUND`; `UNAVAILABLE` where the doctor service does not answer.
    func availability(
        of whom: ListAvailabilityRequest.OneOf_Of, after doctorID: String, in period: (start: Instant, end: Instant),
        _ context: CallContext
    ) async throws -> ListAvailabilityResponse {
        let request = ListAvailabilityRequest(
            of: whom, from: ProtobufTimestamp(period.start), to: ProtobufTimestamp(period.end), afterDoctorID: doctorID)
        let found = try await unlessNotFound(.doctor) {
            try await peers.ask("doctor", for: context) { try await doctors.listAvailability(request, $0) }
        }
        guard let found else { throw Rejection.doctorNotFound }
        return found
    }

    private func patient(_ patientID: String, _ context: CallContext) async throws -> Patient? {
        try await unlessNotFound(.patient) {
            try await peers.ask("patient", for: context) {
                try await patients.getPatient(GetPatientRequest(patientID: patientID), $0).patient
            }
        }
    }

    private func doctor(_ doctorID: String, in slot: Slot, _ context: CallContext) async throws -> DoctorAvailability? {
        let period = WeekOfLeaves(of: slot).period
        let request = ListAvailabilityRequest(
            of: .doctorID(doctorID), from: ProtobufTimestamp(period.start), to: ProtobufTimestamp(period.end))
        return try await unlessNotFound(.doctor) {
            try await peers.ask("doctor", for: context) { try await doctors.listAvailability(request, $0).doctors.first }
        }
    }
}
