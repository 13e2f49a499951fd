import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Synchronization
import Vocabulary

/// Doctors and as many patients, and bookings that never want the same slot: eight a day with every doctor.
final class BookingContest: Sendable {
    private let appointments: AppointmentServiceClient
    private let patients: [String]
    private let doctors: [String]
    private let firstDay: LocalDate
    private let calendar: ClinicCalendar
    private let next = Atomic(0)

    private static let people = 200
    private static let bookingsPerDay = 8

    init(_ hospital: BookingHospital, token: String) async throws {
        var options = CallOptions(timeout: .seconds(10))
        options.metadata[MetadataName.authorization] = BearerToken.field(token)
        let channels = hospital.channels.map { ChannelOfCaller($0, options) }
        let patientService = PatientServiceClient(channels[0])
        let doctorService = DoctorServiceClient(channels[1])
        appointments = AppointmentServiceClient(channels[2])
        var patients: [String] = []
        var doctors: [String] = []
        for index in 0..<Self.people {
            let patient = CreatePatientRequest(name: "Patient \(index)", dob: "1980-01-01")
            patients.append(try await patientService.createPatient(patient).patient?.patientID ?? "")
            let doctor = CreateDoctorRequest(name: "Doctor \(index)", department: "Cardiology", specialization: "Surgery")
            doctors.append(try await doctorService.createDoctor(doctor).doctor?.doctorID ?? "")
        }
        self.patients = patients
        self.doctors = doctors
        calendar = try ClinicConfiguration().calendar()
        firstDay = calendar.day(of: HospitalClock.system.now()).adding(days: 2)
    }

    var count: Int { next.load(ordering: .relaxed) }

    func book(_ count: Int, clients: Int) async throws {
        let end = self.count + count
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    while self.count < end { try await self.bookNext() }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Fills the table up to `count` appointments that nobody has to book.
    func fill(_ table: FilledTable, upTo count: Int) async throws {
        let missing = count - self.count
        guard missing > 0 else { return }
        let first = next.add(missing, ordering: .relaxed).oldValue
        try await table.add(
            (first..<first + missing).compactMap { index in
                place(index).map { place in
                    FilledBooking(
                        number: index, patientID: patients[place.person], doctorID: doctors[place.person], start: place.start,
                        day: calendar.day(of: place.start))
                }
            })
    }

    func bookAlone(_ count: Int) async throws -> Latencies {
        var latencies = Latencies()
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await bookNext()
            latencies.add(.now - start)
        }
        return latencies
    }

    private func bookNext() async throws {
        guard let place = place(next.add(1, ordering: .relaxed).oldValue) else { return }
        let request = BookAppointmentRequest(
            patientID: patients[place.person], doctorID: doctors[place.person], department: "Cardiology",
            slotStart: ProtobufTimestamp(place.start))
        _ = try await appointments.bookAppointment(request)
    }

    /// The slot that is booked as the `index`th.
    private func place(_ index: Int) -> (person: Int, start: Instant)? {
        let (round, person) = index.quotientAndRemainder(dividingBy: Self.people)
        let (day, slot) = round.quotientAndRemainder(dividingBy: Self.bookingsPerDay)
        guard let opening = calendar.instants(of: firstDay.adding(days: day), at: ClinicHours.opening).first else { return nil }
        return (person, opening + .seconds(slot * 1_800))
    }
}
