import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// 64 clients at once in a whole hospital: the counts of winners are exact, and afterwards every invariant holds.
@Suite(.timeLimit(.minutes(10))) struct RaceTests {
    private static let clients = 64

    @Test(.timeLimit(.minutes(10))) func `64 patients fight for five slots, and 64 payments for their bills`() async throws {
        try await WholeHospital.run { whole in
            let desk = try await Desk(whole, patients: Self.clients)
            let slots = (0..<5).map { desk.slot(hour: 12, halves: $0) }
            let booked = await outcomes(of: Self.clients) { try await desk.book($0, at: slots[$0 % slots.count]) }
            #expect(booked == ["OK": 5, "DOCTOR_SLOT_TAKEN": Self.clients - 5])

            let bills = try await desk.billAll()
            #expect(bills.count == 5)
            let paid = await outcomes(of: Self.clients) { try await desk.pay(bills[$0 % bills.count], key: "key-\($0)") }
            #expect(paid["OK"] == 5)
            #expect(Set(paid.keys).isSubset(of: ["OK", "BILL_PAID", "PAYMENT_IN_PROGRESS"]))
            #expect(try await desk.captured() == 5)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `64 patients fight for one doctor's day: eight see him`() async throws {
        try await WholeHospital.run { whole in
            let desk = try await Desk(whole, patients: Self.clients)
            let booked = await outcomes(of: Self.clients) { try await desk.book($0, at: desk.slot(hour: 9, halves: $0 % 18)) }
            #expect(booked["OK"] == 8)
            #expect(Set(booked.keys).isSubset(of: ["OK", "DOCTOR_SLOT_TAKEN", "DOCTOR_DAILY_CAP"]))
        }
    }
}

/// A front desk with many patients and one doctor.
private struct Desk: Sendable {
    private let whole: WholeHospital
    private let patientIDs: [String]
    private let doctorID: String

    init(_ whole: WholeHospital, patients count: Int) async throws {
        self.whole = whole
        let patients = PatientServiceClient(whole.channel(to: "patient"))
        let options = try await whole.options()
        patientIDs = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<count {
                group.addTask {
                    let request = CreatePatientRequest(name: "Patient \(number)", phone: "+91 98450 1234\(number % 10)", dob: "1980-01-01")
                    return try await patients.createPatient(request, options).patient?.patientID ?? ""
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let doctor = CreateDoctorRequest(name: "Doctor", department: "Cardiology", specialization: "All", consultationFee: 50_000)
        doctorID = try await DoctorServiceClient(whole.channel(to: "doctor")).createDoctor(doctor, options).doctor?.doctorID ?? ""
    }

    /// The start of a slot on the next day, in the clinic's time zone.
    func slot(hour: Int64, halves: Int) -> Instant {
        let today = HospitalModel.local(whole.hospital.clock.now.millisecondsSinceEpoch).day
        let midnight = (today + 1) * HospitalModel.day - 5 * HospitalModel.hour - HospitalModel.halfHour
        return Instant(millisecondsSinceEpoch: midnight + hour * HospitalModel.hour + Int64(halves) * HospitalModel.halfHour)
    }

    func book(_ patient: Int, at start: Instant) async throws {
        let request = BookAppointmentRequest(
            patientID: patientIDs[patient], doctorID: doctorID, department: "Cardiology", slotStart: ProtobufTimestamp(start))
        _ = try await AppointmentServiceClient(whole.channel(to: "appointment")).bookAppointment(request, whole.options())
    }

    /// Bills every appointment of the doctor in advance.
    func billAll() async throws -> [Bill] {
        let appointments = try await AppointmentServiceClient(whole.channel(to: "appointment"))
            .listAppointments(ListAppointmentsRequest(doctorID: doctorID), whole.options()).appointments
        var bills: [Bill] = []
        for appointment in appointments {
            let request = CreateBillRequest(appointmentID: appointment.appointmentID, kind: .consultation)
            let bill = try await BillingServiceClient(whole.channel(to: "billing")).createBill(request, whole.options()).bill
            bills.append(try #require(bill))
        }
        return bills
    }

    func pay(_ bill: Bill, key: String) async throws {
        let request = CreatePaymentRequest(billID: bill.billID, amount: bill.amount, method: .cash)
        _ = try await PaymentServiceClient(whole.channel(to: "payment")).createPayment(request, whole.options(key: key))
    }

    func captured() async throws -> Int {
        let request = ListPaymentsRequest(status: .captured)
        return try await PaymentServiceClient(whole.channel(to: "payment")).listPayments(request, whole.options()).payments.count
    }
}
