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
    /// What other replicas have heard; nil where there is no cache.
    private let shared: SharedAvailability?

    init(_ peers: Peers, sharing shared: SharedAvailability?) {
        self.peers = peers
        self.shared = shared
        patients = PatientServiceClient(peers.channel(to: "patient"))
        doctors = DoctorServiceClient(peers.channel(to: "doctor"))
    }

    /// Asks both services at the same time who would meet in a slot; of the doctor first what another replica was told.
    ///
    /// - Parameter anew: nothing that another was told serves.
    /// - Throws: `UNAVAILABLE` where one of them does not answer. Somebody who does not exist is nil.
    func people(
        of patientID: String, with doctorID: String, in slot: Slot, anew: Bool = false, _ context: CallContext
    ) async throws -> BookingPeople {
        let (age, week) = (FactsAge(), WeekOfLeaves(of: slot))
        async let asked = patient(patientID, context)
        async let answered = doctor(doctorID, in: week, anew: anew, context)
        let (patient, told) = (try await asked, try await answered)
        if let patient { remembered.remember(patient, age) }
        if let doctor = told.doctor { remembered.remember(doctor, in: week, told.age) }
        return BookingPeople(patient: patient, doctor: told.doctor, age: .oldest(age, told.age), isHearsay: told.isHearsay)
    }

    /// Who would meet in a slot, where both were asked for in the last two seconds; nil where one was not.
    func rememberedPeople(of patientID: String, with doctorID: String, in slot: Slot) -> BookingPeople? {
        guard let patient = remembered.patient(patientID), let doctor = remembered.doctor(doctorID, in: WeekOfLeaves(of: slot)) else {
            return nil
        }
        return BookingPeople(patient: patient.answer, doctor: doctor.answer, age: .oldest(patient.age, doctor.age), isHearsay: true)
    }

    /// Lets go of what is remembered of a doctor who has changed.
    func forget(doctor doctorID: String) {
        remembered.forget(doctor: doctorID)
        shared?.doctorsHaveChangedBefore()
    }

    /// Asks for the doctor alone, for whom the patient is known to be one.
    func people(of doctorID: String, in slot: Slot, _ context: CallContext) async throws -> BookingPeople {
        let told = try await doctor(doctorID, in: WeekOfLeaves(of: slot), anew: true, context)
        return BookingPeople(patient: nil, doctor: told.doctor, age: told.age)
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
        let known = await shared?.answer(to: request)
        if let said = known?.said { return said.answer }
        let found = try await unlessNotFound(.doctor) {
            try await peers.ask("doctor", for: context) { try await doctors.listAvailability(request, $0) }
        }
        guard let found else { throw Rejection.doctorNotFound }
        if let known { shared?.store(found, to: request, askedAfter: known.moment) }
        return found
    }

    private func patient(_ patientID: String, _ context: CallContext) async throws -> Patient? {
        try await unlessNotFound(.patient) {
            try await peers.ask("patient", for: context) {
                try await patients.getPatient(GetPatientRequest(patientID: patientID), $0).patient
            }
        }
    }

    private func doctor(
        _ doctorID: String, in week: WeekOfLeaves, anew: Bool, _ context: CallContext
    ) async throws -> (doctor: DoctorAvailability?, age: FactsAge, isHearsay: Bool) {
        let request = ListAvailabilityRequest(doctorID, in: week)
        let known = anew ? nil : await shared?.answer(to: request)
        if let said = known?.said, let doctor = said.answer.doctors.first { return (doctor, said.age, true) }
        let age = FactsAge()
        let answer = try await unlessNotFound(.doctor) {
            try await peers.ask("doctor", for: context) { try await doctors.listAvailability(request, $0) }
        }
        if let known, let answer { shared?.store(answer, to: request, askedAfter: known.moment) }
        return (answer?.doctors.first, age, false)
    }
}

extension ListAvailabilityRequest {
    fileprivate init(_ doctorID: String, in week: WeekOfLeaves) {
        let period = week.period
        self.init(of: .doctorID(doctorID), from: ProtobufTimestamp(period.start), to: ProtobufTimestamp(period.end))
    }
}
