import SeededRandom

/// Steps that people could take, chosen so that every rule is met and broken, often at its very boundary.
struct RandomHistory {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func next(in model: HospitalModel) -> Step {
        switch random.below(100) {
        case 0..<45: book(model)
        case 45..<50: .wait(until: boundary(in: model))
        case 50..<52: .wait(until: model.now + HospitalModel.minute * Int64(random.below(90) + 1))
        default: change(model)
        }
    }

    private mutating func change(_ model: HospitalModel) -> Step {
        guard let appointment = pick(model.appointments.indices.suffix(6)) else { return book(model) }
        switch random.below(74) {
        case 0..<9: return .move(appointment: appointment, start: slot(in: model))
        case 9..<15: return .cancel(appointment: appointment, byClinic: random.below(4) == 0)
        case 15..<22: return .checkIn(appointment: appointment)
        case 22..<30: return .complete(appointment: appointment)
        case 30..<34: return .noShow(appointment: appointment)
        case 34..<39: return .bill(appointment: appointment)
        case 39..<40: return .billOther(appointment: appointment, subtotal: Int64(random.below(2_000) + 1))
        case 40..<48: return pay(model)
        case 48..<50: return refund(model)
        case 50..<62:
            let medication = random.below(2) == 0 ? "Penicillin V 250 MG" : "Loratadine 5 MG"
            return .prescribe(appointment: appointment, medication: medication, overriding: random.below(3) == 0)
        case 62..<66: return .undo(appointment: appointment)
        // What was moved is moved again, until it may not be.
        case 66..<70:
            let moved = model.appointments.firstIndex { $0.moves == 2 && $0.status == "SCHEDULED" }
            return .move(appointment: moved ?? appointment, start: slot(in: model))
        default: return people(model)
        }
    }

    /// One time in thirty the patient, the doctor or the department is unknown.
    private mutating func book(_ model: HospitalModel) -> Step {
        // The first doctor has most of the patients.
        let doctor = random.below(30) == 0 ? model.doctors.count : max(0, random.below(6) - 3)
        let department = random.below(30) > 0 && doctor < model.doctors.count ? model.doctors[doctor].department.uppercased() : "Nowhere"
        let patient = random.below(30) == 0 ? model.patients.count : random.below(model.patients.count)
        return .book(patient: patient, doctor: doctor, department: department, start: slot(in: model))
    }

    /// Mostly a slot of today or tomorrow, sometimes one that is taken, or none.
    private mutating func slot(in model: HospitalModel) -> Int64 {
        let grid = (model.now / HospitalModel.halfHour + 1) * HospitalModel.halfHour
        switch random.below(30) {
        case 0: return grid + 5 * HospitalModel.halfHour + 1
        case 1: return grid + HospitalModel.halfHour * Int64(random.below(6))
        case 2: return model.now + 2 * HospitalModel.hour
        case 3...5: return pick(model.appointments.suffix(4))?.start ?? grid
        default:
            let day = HospitalModel.local(model.now).day + (random.below(4) == 0 ? 0 : 1)
            let midnight = day * HospitalModel.day - 5 * HospitalModel.hour - HospitalModel.halfHour
            return midnight + 8 * HospitalModel.hour + HospitalModel.halfHour * Int64(random.below(20) + 1)
        }
    }

    /// An instant at which a rule about some appointment changes its mind, or a millisecond beside it.
    private mutating func boundary(in model: HospitalModel) -> Int64 {
        if random.below(8) == 0, let notedAt = pick(model.appointments.compactMap(\.notedAt)) {
            let midnight = (HospitalModel.local(notedAt).day + 1) * HospitalModel.day - 5 * HospitalModel.hour - HospitalModel.halfHour
            return max(model.now, midnight + Int64(random.below(3)) - 1)
        }
        let offsets = [-120, -60, 0, 15, 30].map { Int64($0) * HospitalModel.minute }
        let start = pick(model.appointments.filter(\.isActive))?.start ?? model.now
        let instant = start + offsets[random.below(offsets.count)] + Int64(random.below(3)) - 1
        return instant > model.now ? instant : model.now + HospitalModel.halfHour
    }

    private mutating func pay(_ model: HospitalModel) -> Step {
        guard let bill = pick(model.bills.indices.suffix(8)) else { return book(model) }
        if random.below(6) == 0 { return .void(bill: bill) }
        return .pay(bill: bill, amount: model.bills[bill].amount + (random.below(8) == 0 ? 1 : 0))
    }

    private mutating func refund(_ model: HospitalModel) -> Step {
        guard let payment = pick(model.payments.indices) else { return pay(model) }
        let left = model.payments[payment].amount - model.payments[payment].refunded
        return .refund(payment: payment, amount: max(1, [left, left + 1, left / 3][random.below(3)]))
    }

    private mutating func people(_ model: HospitalModel) -> Step {
        let doctor = random.below(model.doctors.count)
        switch random.below(40) {
        case 0..<10: return .removePatient(random.below(model.patients.count))
        case 10..<14: return .removeDoctor(doctor, cancelling: random.below(3) == 0)
        default:
            let start = slot(in: model)
            let length = HospitalModel.minute * Int64(random.below(120) + 1)
            return .enterLeave(doctor: doctor, time: start..<start + length, cancelling: random.below(2) == 0)
        }
    }

    private mutating func pick<Elements: RandomAccessCollection>(_ elements: Elements) -> Elements.Element? {
        elements.isEmpty ? nil : elements[elements.index(elements.startIndex, offsetBy: random.below(elements.count))]
    }
}

extension SplitMix64 {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
