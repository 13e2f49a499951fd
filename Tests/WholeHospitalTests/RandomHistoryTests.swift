import HMSTestKit
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
            for number in 1...150 {
                let step = history.next(in: model)
                let expected = model.take(step)
                let actual = await hospital.take(step)
                try #require(actual == expected, "seed \(seed), step \(number): \(step)")
                try await agree(hospital, model, "seed \(seed), step \(number): \(step)")
            }
        }
    }

    /// Bills and refunds follow by events: they agree soon.
    private func agree(_ hospital: HospitalUnderTest, _ model: HospitalModel, _ story: String) async throws {
        for number in model.appointments.indices.suffix(20) {
            #expect(try await hospital.appointmentLine(number) == model.line(ofAppointment: number), "\(story)")
            let expected = model.bills(of: number)
            let deadline = ContinuousClock.now + .seconds(20)
            while try await hospital.bills(of: number, in: model) != expected, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
            try #require(try await hospital.bills(of: number, in: model) == expected, "\(story)")
        }
    }
}

/// The histories themselves, without a hospital.
@Suite(.timeLimit(.minutes(10))) struct RandomHistoryCoverageTests {
    /// A history in which some rule is never broken would prove nothing about it.
    @Test func `random histories meet every refusal of the rules, and every state`() {
        var answers: Set<Answer> = []
        var states: Set<Answer> = []
        for seed in 1...20 as ClosedRange<UInt64> {
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
            "LEAVE_CONFLICT", "APPOINTMENT_NOT_ELIGIBLE", "ALLERGY_CONFLICT",
        ]
        #expect(refusals.subtracting(answers).isEmpty)
        let ends: Set<Answer> = [
            "COMPLETED", "CANCELLED", "NO_SHOW", "CONSULTATION PAID", "CONSULTATION VOID", "CONSULTATION REFUNDED",
            "CONSULTATION PARTIALLY_REFUNDED", "CANCELLATION_FEE OPEN", "NO_SHOW_FEE OPEN", "OTHER OPEN",
        ]
        #expect(ends.subtracting(states).isEmpty)
    }
}
