import HMSTestKit

/// One thing that somebody does in the hospital.
enum Step {
    case book(patient: Int, doctor: Int, department: String, start: Int64)
    case move(appointment: Int, start: Int64)
    case cancel(appointment: Int, byClinic: Bool)
    case checkIn(appointment: Int)
    case complete(appointment: Int)
    case noShow(appointment: Int)
    case undo(appointment: Int)
    case bill(appointment: Int)
    case billOther(appointment: Int, subtotal: Int64)
    case void(bill: Int)
    case pay(bill: Int, amount: Int64)
    case refund(payment: Int, amount: Int64)
    case prescribe(appointment: Int, medication: String, overriding: Bool)
    case removePatient(Int)
    case removeDoctor(Int, cancelling: Bool)
    case enterLeave(doctor: Int, time: Range<Int64>, cancelling: Bool)
    case wait(until: Int64)
}

extension Step {
    /// Whether the answer depends on what events bring: bills, and the refunds of payments. Such a step is taken only when
    /// nothing is on its way; every other one has to be answered alike before and after.
    var dependsOnEvents: Bool {
        switch self {
        case .bill, .billOther, .void, .pay, .refund, .removePatient: true
        case .book, .move, .cancel, .checkIn, .complete, .noShow, .undo, .prescribe, .removeDoctor, .enterLeave, .wait: false
        }
    }
}

extension HospitalModel {
    /// Takes the step, and says what the hospital has to answer.
    mutating func take(_ step: Step) -> Answer {
        switch step {
        case .book(let patient, let doctor, let department, let start): book(patient, with: doctor, in: department, at: start)
        case .move(let appointment, let start): move(appointment, to: start)
        case .cancel(let appointment, let byClinic): cancel(appointment, byClinic: byClinic)
        case .checkIn(let appointment): checkIn(appointment)
        case .complete(let appointment): complete(appointment)
        case .noShow(let appointment): noShow(appointment)
        case .undo(let appointment): undo(appointment)
        case .bill(let appointment): bill(appointment)
        case .billOther(let appointment, let subtotal): billOther(appointment, subtotal)
        case .void(let bill): void(bill)
        case .pay(let bill, let amount): pay(bill, amount)
        case .refund(let payment, let amount): refund(payment, amount)
        case .prescribe(let appointment, let medication, let overriding): prescribe(for: appointment, medication, overriding: overriding)
        case .removePatient(let patient): removePatient(patient)
        case .removeDoctor(let doctor, let cancelling): removeDoctor(doctor, cancelling: cancelling)
        case .enterLeave(let doctor, let time, let cancelling): enterLeave(doctor, time, cancelling: cancelling)
        case .wait(let instant): wait(until: instant)
        }
    }

    private mutating func wait(until instant: Int64) -> Answer {
        now = instant
        return "now \(instant)"
    }
}
