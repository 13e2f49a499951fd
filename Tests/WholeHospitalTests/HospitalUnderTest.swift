import Contracts
import HMSTestKit
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Vocabulary

/// The real hospital, asked for the same steps as the model. It keeps the ids of what is made, in the model's order.
final class HospitalUnderTest {
    private let whole: WholeHospital
    private let patients: PatientServiceClient
    private let doctors: DoctorServiceClient
    private let appointments: AppointmentServiceClient
    private let billing: BillingServiceClient
    private let paying: PaymentServiceClient
    private let prescriptions: PrescriptionServiceClient

    private var patientIDs: [String] = []
    private var doctorIDs: [String] = []
    private(set) var appointmentIDs: [String] = []
    /// By the bill's number in the model: bills that come of events are found at no certain time.
    private var billIDs: [Int: String] = [:]
    private var paymentIDs: [String] = []
    private var count = 0

    init(_ whole: WholeHospital) {
        self.whole = whole
        patients = PatientServiceClient(whole.channel(to: "patient"))
        doctors = DoctorServiceClient(whole.channel(to: "doctor"))
        appointments = AppointmentServiceClient(whole.channel(to: "appointment"))
        billing = BillingServiceClient(whole.channel(to: "billing"))
        paying = PaymentServiceClient(whole.channel(to: "payment"))
        prescriptions = PrescriptionServiceClient(whole.channel(to: "prescription"))
    }

    // MARK: People

    func add(_ patient: HospitalModel.Patient) async throws {
        let request = CreatePatientRequest(
            name: "Patient \(patientIDs.count)", email: "p\(patientIDs.count)@example.org", dob: "1980-01-01",
            allergies: patient.isAllergic ? ["Penicillin"] : [])
        patientIDs.append(try await patients.createPatient(request, whole.options()).patient?.patientID ?? "")
    }

    func add(_ doctor: HospitalModel.Doctor) async throws {
        let request = CreateDoctorRequest(
            name: "Doctor \(doctorIDs.count)", department: doctor.department, specialization: "All", consultationFee: doctor.fee)
        let id = try await doctors.createDoctor(request, whole.options()).doctor?.doctorID ?? ""
        let hours = (1...7).map { weekday in
            WorkingHoursMessage(
                weekday: .init(rawValue: Int32(weekday)), start: Self.clock(doctor.hours.lowerBound),
                end: Self.clock(doctor.hours.upperBound))
        }
        _ = try await doctors.setDoctorSchedule(SetDoctorScheduleRequest(doctorID: id, workingHours: hours), whole.options())
        doctorIDs.append(id)
    }

    private static func clock(_ minutes: Int64) -> String {
        TimeOfDay(minutesSinceMidnight: Int(minutes))?.description ?? ""
    }

    // MARK: Steps

    func take(_ step: Step) async -> Answer {
        do {
            return try await answer(to: step)
        } catch let error as RPCError {
            return error.reason
        } catch {
            return "\(error)"
        }
    }

    private func answer(to step: Step) async throws -> Answer {
        switch step {
        case .book, .move, .cancel, .checkIn, .complete, .noShow, .undo: try await appointment(step)
        case .bill, .billOther, .void, .pay, .refund: try await money(step)
        case .prescribe, .removePatient, .removeDoctor, .enterLeave: try await people(step)
        case .wait(let instant): wait(until: instant)
        }
    }

    private func wait(until instant: Int64) -> Answer {
        whole.hospital.clock.now = Instant(millisecondsSinceEpoch: instant)
        return "now \(instant)"
    }

    private func appointment(_ step: Step) async throws -> Answer {
        let options = try await whole.options()
        switch step {
        case .book(let patient, let doctor, let department, let start):
            let request = BookAppointmentRequest(
                patientID: id(patient, in: patientIDs, "pat"), doctorID: id(doctor, in: doctorIDs, "doc"), department: department,
                slotStart: Self.time(start))
            let booked = try await appointments.bookAppointment(request, options).appointment
            appointmentIDs.append(booked?.appointmentID ?? "")
            return Self.line(booked)
        case .move(let number, let start):
            let request = RescheduleAppointmentRequest(appointmentID: appointmentIDs[number], slotStart: Self.time(start))
            return Self.line(try await appointments.rescheduleAppointment(request, options).appointment)
        case .cancel(let number, let byClinic):
            let request = CancelAppointmentRequest(
                appointmentID: appointmentIDs[number], reason: "Because", initiatedBy: byClinic ? .clinic : .unspecified)
            return Self.line(try await appointments.cancelAppointment(request, options).appointment)
        case .checkIn(let number):
            let request = CheckInAppointmentRequest(appointmentID: appointmentIDs[number])
            return Self.line(try await appointments.checkInAppointment(request, options).appointment)
        case .complete(let number):
            let request = CompleteAppointmentRequest(appointmentID: appointmentIDs[number])
            return Self.line(try await appointments.completeAppointment(request, options).appointment)
        case .noShow(let number):
            return Self.line(
                try await appointments.markNoShow(MarkNoShowRequest(appointmentID: appointmentIDs[number]), options).appointment)
        case .undo(let number):
            let request = UndoStepRequest(appointmentID: appointmentIDs[number], reason: "A mistake")
            return Self.line(try await appointments.undoStep(request, options).appointment)
        default: return "not a step of appointments"
        }
    }

    private func money(_ step: Step) async throws -> Answer {
        count += 1
        let options = try await whole.options(key: "step-\(count)")
        switch step {
        case .bill(let number):
            return note(try await billing.createBill(.init(appointmentID: appointmentIDs[number], kind: .consultation), options).bill)
        case .billOther(let number, let subtotal):
            let request = CreateBillRequest(
                appointmentID: appointmentIDs[number], kind: .other, subtotal: subtotal, descriptionValue: "Dressing")
            return note(try await billing.createBill(request, options).bill)
        case .void(let number):
            return Self.line(try await billing.voidBill(VoidBillRequest(billID: billIDs[number] ?? "", reason: "Because"), options).bill)
        case .pay(let number, let amount):
            let request = CreatePaymentRequest(billID: billIDs[number] ?? "", amount: amount, method: .cash)
            let payment = try await paying.createPayment(request, options).payment
            paymentIDs.append(payment?.paymentID ?? "")
            return "\(payment?.status == .captured ? "CAPTURED" : "PENDING or FAILED") \(payment?.amount ?? 0)"
        case .refund(let number, let amount):
            let request = CreateRefundRequest(paymentID: paymentIDs[number], amount: amount, reason: "Because")
            let refund = try await paying.createRefund(request, options).refund
            return "\(refund?.status == .refunded ? "REFUNDED" : "PENDING or FAILED") \(refund?.amount ?? 0)"
        default: return "not a step of money"
        }
    }

    private func people(_ step: Step) async throws -> Answer {
        let options = try await whole.options()
        switch step {
        case .prescribe(let number, let medication, let overriding):
            let request = IssuePrescriptionRequest(
                appointmentID: appointmentIDs[number], medication: medication, dosage: "1 daily", days: 5,
                overrideReason: overriding ? "Tolerated before" : nil)
            let prescription = try await prescriptions.issuePrescription(request, options).prescription
            return "\(prescription?.status == .active ? "ACTIVE" : "?") \(prescription?.medication ?? "")"
        case .removePatient(let number):
            return try await remove(patientIDs[number], options)
        case .removeDoctor(let number, let cancelling):
            let request = DeleteDoctorRequest(doctorID: doctorIDs[number], strategy: cancelling ? .cancel : .unspecified)
            _ = try await doctors.deleteDoctor(request, options)
            return "removed"
        case .enterLeave(let number, let time, let cancelling):
            let request = CreateLeaveRequest(
                doctorID: doctorIDs[number], start: Self.time(time.lowerBound), end: Self.time(time.upperBound), reason: "Rest",
                cancelAppointments: cancelling)
            _ = try await doctors.createLeave(request, options)
            return "on leave"
        default: return "not a step of people"
        }
    }

    /// A deletion waits until billing has heard of every visit, so it may have to be asked for again.
    private func remove(_ patientID: String, _ options: CallOptions) async throws -> Answer {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            do {
                _ = try await patients.deletePatient(DeletePatientRequest(patientID: patientID), options)
                return "removed"
            } catch let error as RPCError where error.code == .unavailable && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    // MARK: Reading

    /// The bills of an appointment in any order, and the ids of those that came of themselves.
    func bills(of number: Int, in model: HospitalModel) async throws -> [Answer] {
        let bills = try await billing.listBills(ListBillsRequest(appointmentID: appointmentIDs[number]), whole.options()).bills
        for bill in bills where !billIDs.values.contains(bill.billID) {
            let place = model.bills.indices.first { index in
                let expected = model.bills[index]
                return billIDs[index] == nil && expected.appointment == number && expected.kind == Self.name(bill.kind)
            }
            if let place { billIDs[place] = bill.billID }
        }
        return bills.map(Self.line).sorted()
    }

    func appointmentLine(_ number: Int) async throws -> Answer {
        Self.line(try await appointments.getAppointment(.init(appointmentID: appointmentIDs[number]), whole.options()).appointment)
    }

    /// A bill that somebody makes is the model's last: such a step is taken when all others are known.
    private func note(_ bill: Bill?) -> Answer {
        billIDs[billIDs.count] = bill?.billID ?? ""
        return Self.line(bill)
    }

    private func id(_ number: Int, in ids: [String], _ prefix: String) -> String {
        number < ids.count ? ids[number] : "\(prefix)_00000000000000000000000000"
    }

    private static func time(_ instant: Int64) -> ProtobufTimestamp {
        ProtobufTimestamp(Instant(millisecondsSinceEpoch: instant))
    }

    private static func line(_ appointment: Appointment?) -> Answer {
        guard let appointment else { return "no appointment" }
        let start = appointment.slotStart?.instant?.millisecondsSinceEpoch ?? 0
        let percent = appointment.feePercent.map { "\($0)" } ?? "-"
        return
            "\(name(appointment.status)) at \(start) moved \(appointment.rescheduleCount) fee \(appointment.consultationFee) kept \(percent)"
    }

    private static func line(_ bill: Bill?) -> Answer {
        guard let bill else { return "no bill" }
        return "\(name(bill.kind)) \(bill.subtotal) + \(bill.tax) = \(bill.amount) \(name(bill.status)) refunded \(bill.amountRefunded)"
    }
}

extension HospitalUnderTest {
    private static func name(_ status: AppointmentStatus) -> String {
        switch status {
        case .scheduled: "SCHEDULED"
        case .checkedIn: "CHECKED_IN"
        case .completed: "COMPLETED"
        case .cancelled: "CANCELLED"
        case .noShow: "NO_SHOW"
        case .unspecified, .unrecognized: "?"
        }
    }

    private static func name(_ kind: BillKind) -> String {
        switch kind {
        case .consultation: "CONSULTATION"
        case .cancellationFee: "CANCELLATION_FEE"
        case .noShowFee: "NO_SHOW_FEE"
        case .other: "OTHER"
        case .unspecified, .unrecognized: "?"
        }
    }

    private static func name(_ status: BillStatus) -> String {
        switch status {
        case .open: "OPEN"
        case .paid: "PAID"
        case .void: "VOID"
        case .partiallyRefunded: "PARTIALLY_REFUNDED"
        case .refunded: "REFUNDED"
        case .unspecified, .unrecognized: "?"
        }
    }
}
