import HMSTestKit
import SeededRandom
import Testing
import Vocabulary

/// Random histories of a whole hospital: on every step the real one answers as the model does, and in the end both hold
/// the same appointments and bills.
@Suite(.timeLimit(.minutes(10))) struct RandomHistoryTests {
    @Test(.timeLimit(.minutes(10)), arguments: [1, 2, 3] as [UInt64])
    func `the hospital answers every step of a random history as its rules say`(seed: UInt64) async throws {
        try await WholeHospital.run { whole in
            let hospital = HospitalUnderTest(whole)
            var model = HospitalModel.furnished(at: whole.hospital.clock.now.millisecondsSinceEpoch)
            for patient in model.patients { try await hospital.add(patient) }
            for doctor in model.doctors { try await hospital.add(doctor) }
            var history = RandomHistory(seed: seed)
            var pauses = SplitMix64(seed: ~seed)
            var orders = (settled: 0, hurried: 0)
            for number in 1...150 {
                let step = history.next(in: model)
                let story = "seed \(seed), step \(number): \(step)"
                // Often the next step is taken while the events of the last ones are on their way.
                if step.dependsOnEvents || pauses.below(3) == 0 {
                    try await agree(whole, hospital, model, story)
                    orders.settled += 1
                } else {
                    orders.hurried += 1
                }
                let expected = model.take(step)
                let actual = await hospital.take(step)
                try #require(actual == expected, "\(story)")
            }
            try await agree(whole, hospital, model, "seed \(seed), in the end")
            #expect(orders.settled > 30 && orders.hurried > 30, "\(orders)")
        }
    }

    /// When nothing is on its way, bills and refunds are as the model says: those of every appointment.
    private func agree(_ whole: WholeHospital, _ hospital: HospitalUnderTest, _ model: HospitalModel, _ story: String) async throws {
        try await whole.settle()
        for number in model.appointments.indices {
            #expect(try await hospital.appointmentLine(number) == model.line(ofAppointment: number), "\(story)")
            try #require(try await hospital.bills(of: number, in: model) == model.bills(of: number), "\(story)")
        }
    }
}

/// The histories themselves, without a hospital.
@Suite(.timeLimit(.minutes(10))) struct RandomHistoryCoverageTests {
    /// A history in which some rule is never broken would prove nothing about it.
    @Test func `random histories meet every refusal of the rules, and every state`() {
        var answers: Set<Answer> = []
        var states: Set<Answer> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var model = HospitalModel.furnished(at: 1_772_422_200_000)
            var history = RandomHistory(seed: seed)
            for _ in 1...300 {
                let step = history.next(in: model)
                answers.insert(model.take(step))
                states.formUnion(model.appointments.suffix(6).map(\.status) + model.bills.suffix(8).map { "\($0.kind) \($0.status)" })
            }
        }
        let refusals: Set<Answer> = [
            "PATIENT_NOT_FOUND", "PATIENT_INACTIVE", "DOCTOR_NOT_FOUND", "DOCTOR_INACTIVE", "INVALID_SLOT", "OUTSIDE_CLINIC_HOURS",
            "LEAD_TIME_TOO_SHORT", "DEPARTMENT_MISMATCH", "DOCTOR_UNAVAILABLE", "PATIENT_SLOT_TAKEN", "DOCTOR_SLOT_TAKEN",
            "DOCTOR_DAILY_CAP", "INVALID_STATE", "RESCHEDULE_LIMIT", "RESCHEDULE_TOO_LATE", "SAME_SLOT", "APPOINTMENT_STARTED",
            "CHECK_IN_WINDOW", "APPOINTMENT_NOT_STARTED", "NO_SHOW_TOO_EARLY", "BILL_EXISTS", "BILL_VOID", "BILL_PAID",
            "AMOUNT_MISMATCH", "REFUND_TOO_LARGE", "PATIENT_HAS_APPOINTMENTS", "PATIENT_HAS_OPEN_BILLS", "DOCTOR_HAS_APPOINTMENTS",
            "LEAVE_CONFLICT", "APPOINTMENT_NOT_ELIGIBLE", "ALLERGY_CONFLICT", "UNDO_TOO_LATE",
        ]
        #expect(refusals.subtracting(answers).isEmpty)
        let ends: Set<Answer> = [
            "COMPLETED", "CANCELLED", "NO_SHOW", "CONSULTATION PAID", "CONSULTATION VOID", "CONSULTATION REFUNDED",
            "CONSULTATION PARTIALLY_REFUNDED", "CANCELLATION_FEE OPEN", "NO_SHOW_FEE OPEN", "NO_SHOW_FEE VOID", "OTHER OPEN",
        ]
        #expect(ends.subtracting(states).isEmpty)
    }
}
