// MARK: - Who pays

extension HospitalModel {
    /// Cancelling and no-show: what becomes of the money.
    mutating func close(_ number: Int, as status: String, keeping percent: Int64) {
        appointments[number].status = status
        appointments[number].feePercent = percent
        appointments[number].notedAt = nil
        let kept = (appointments[number].fee * percent + 50) / 100
        let keptAmount = kept + (kept * 5 + 50) / 100
        guard let consultation = consultationBill(of: number) else { return addFee(of: number, kept, status) }
        if bills[consultation].status == "OPEN" {
            bills[consultation].status = "VOID"
            return addFee(of: number, kept, status)
        }
        let due = bills[consultation].amount - keptAmount - bills[consultation].refunded
        if due > 0 { giveBack(due, ofBill: consultation) }
    }

    private mutating func addFee(of number: Int, _ subtotal: Int64, _ status: String) {
        guard subtotal > 0 else { return }
        bills.append(
            Bill(appointment: number, kind: status == "NO_SHOW" ? "NO_SHOW_FEE" : "CANCELLATION_FEE", subtotal: subtotal))
    }

    /// Nobody owes what a no-show has cost that was none.
    mutating func takeFeeBack(of number: Int) {
        let fee = bills.firstIndex { $0.appointment == number && $0.kind == "NO_SHOW_FEE" && !$0.isTakenBack }
        guard let fee else { return }
        bills[fee].isTakenBack = true
        switch bills[fee].status {
        case "OPEN": bills[fee].status = "VOID"
        case "PAID", "PARTIALLY_REFUNDED": giveBack(bills[fee].amount - bills[fee].refunded, ofBill: fee)
        default: break
        }
    }

    /// A VOID one stands in nobody's way.
    func consultationBill(of number: Int) -> Int? {
        bills.firstIndex { $0.appointment == number && $0.kind == "CONSULTATION" && $0.status != "VOID" }
    }

    private mutating func giveBack(_ amount: Int64, ofBill bill: Int) {
        bills[bill].refunded += amount
        bills[bill].status = bills[bill].refunded == bills[bill].amount ? "REFUNDED" : "PARTIALLY_REFUNDED"
        if let payment = payments.firstIndex(where: { $0.bill == bill }) { payments[payment].refunded += amount }
    }
}

// MARK: - Bills and payments

extension HospitalModel {
    mutating func bill(_ number: Int) -> Answer {
        if !patients[appointments[number].patient].isActive { return "PATIENT_INACTIVE" }
        let status = appointments[number].status
        if status == "CANCELLED" || status == "NO_SHOW" { return "INVALID_STATE" }
        if consultationBill(of: number) != nil { return "BILL_EXISTS" }
        bills.append(Bill(appointment: number, kind: "CONSULTATION", subtotal: appointments[number].fee))
        return line(ofBill: bills.count - 1)
    }

    mutating func billOther(_ number: Int, _ subtotal: Int64) -> Answer {
        if !patients[appointments[number].patient].isActive { return "PATIENT_INACTIVE" }
        bills.append(Bill(appointment: number, kind: "OTHER", subtotal: subtotal))
        return line(ofBill: bills.count - 1)
    }

    mutating func void(_ number: Int) -> Answer {
        switch bills[number].status {
        case "OPEN", "VOID":
            bills[number].status = "VOID"
            return line(ofBill: number)
        default: return "BILL_PAID"
        }
    }

    mutating func pay(_ number: Int, _ amount: Int64) -> Answer {
        switch bills[number].status {
        case "VOID": return "BILL_VOID"
        case "OPEN": break
        default: return "BILL_PAID"
        }
        if amount != bills[number].amount { return "AMOUNT_MISMATCH" }
        bills[number].status = "PAID"
        payments.append(Payment(bill: number, amount: amount))
        return "CAPTURED \(amount)"
    }

    mutating func refund(_ number: Int, _ amount: Int64) -> Answer {
        let payment = payments[number]
        if amount > payment.amount - payment.refunded { return "REFUND_TOO_LARGE" }
        giveBack(amount, ofBill: payment.bill)
        return "REFUNDED \(amount)"
    }

    func line(ofBill number: Int) -> Answer { Self.line(of: bills[number]) }

    static func line(of bill: Bill) -> Answer {
        "\(bill.kind) \(bill.subtotal) + \(bill.tax) = \(bill.amount) \(bill.status) refunded \(bill.refunded)"
    }

    /// The bills of an appointment in any order.
    func bills(of appointment: Int) -> [Answer] {
        bills.filter { $0.appointment == appointment }.map(Self.line).sorted()
    }
}

// MARK: - People and prescriptions

extension HospitalModel {
    mutating func removePatient(_ number: Int) -> Answer {
        guard patients[number].isActive else { return "removed" }
        if appointments.contains(where: { $0.patient == number && $0.isActive }) { return "PATIENT_HAS_APPOINTMENTS" }
        if bills.contains(where: { appointments[$0.appointment].patient == number && $0.status == "OPEN" }) {
            return "PATIENT_HAS_OPEN_BILLS"
        }
        patients[number].isActive = false
        return "removed"
    }

    mutating func removeDoctor(_ number: Int, cancelling: Bool) -> Answer {
        guard doctors[number].isActive else { return "removed" }
        let future = appointments.indices.filter {
            appointments[$0].doctor == number && appointments[$0].isActive && appointments[$0].start > now
        }
        if !cancelling, !future.isEmpty { return "DOCTOR_HAS_APPOINTMENTS" }
        for appointment in future { close(appointment, as: "CANCELLED", keeping: 0) }
        doctors[number].isActive = false
        return "removed"
    }

    mutating func enterLeave(_ number: Int, _ time: Range<Int64>, cancelling: Bool) -> Answer {
        guard doctors[number].isActive else { return "DOCTOR_INACTIVE" }
        let inside = appointments.indices.filter {
            let appointment = appointments[$0]
            return appointment.doctor == number && appointment.isActive && appointment.start < time.upperBound
                && time.lowerBound < appointment.start + Self.halfHour
        }
        if !cancelling, !inside.isEmpty { return "LEAVE_CONFLICT" }
        for appointment in inside where appointments[appointment].start > now { close(appointment, as: "CANCELLED", keeping: 0) }
        doctors[number].leaves.append(time)
        return "on leave"
    }

    func prescribe(for number: Int, _ medication: String, overriding: Bool) -> Answer {
        let appointment = appointments[number]
        guard appointment.status == "CHECKED_IN" || appointment.status == "COMPLETED" else { return "APPOINTMENT_NOT_ELIGIBLE" }
        let isDangerous = patients[appointment.patient].isAllergic && medication.lowercased().contains("penicillin")
        return isDangerous && !overriding ? "ALLERGY_CONFLICT" : "ACTIVE \(medication)"
    }
}
