import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct LeaveTests {
    @Test func `a leave is entered, listed and removed`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let leave = try await hospital.enterLeave(of: doctor)
            #expect(leave.leaveID.hasPrefix("lev_"))
            #expect(leave.doctorID == doctor.doctorID && leave.reason == "Conference")
            #expect(try leave.start == timestamp("2026-03-10T00:00:00Z"))
            #expect(try leave.end == timestamp("2026-03-12T00:00:00Z"))
            #expect(try await hospital.leaves(of: doctor) == [leave])
            try await hospital.remove(leave, of: doctor)
            #expect(try await hospital.leaves(of: doctor).isEmpty)
        }
    }

    @Test func `exactly the time of the leave is asked about`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let leave = try await hospital.enterLeave(of: doctor)
            let question = HoldBookingsRequest(of: .doctorID(doctor.doctorID), from: leave.start, to: leave.end)
            #expect(hospital.appointments.held == [question])
        }
    }

    @Test(
        arguments: [
            ("2026-03-10T00:00:00Z", "2026-03-10T00:00:00Z", false), ("2026-03-10T00:00:00Z", "2026-03-09T23:59:59.999Z", false),
            ("2026-03-10T00:00:00Z", "2026-03-10T00:00:00.001Z", true), ("2026-03-10T00:00:00Z", "2027-03-11T00:00:00Z", true),
            ("2026-03-10T00:00:00Z", "2027-03-11T00:00:00.001Z", false), ("2020-03-10T00:00:00Z", "2020-03-11T00:00:00Z", true),
        ])
    func `a leave ends after its start, by at most 366 days`(start: String, end: String, isAllowed: Bool) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let refusal = await refusal { _ = try await hospital.enterLeave(of: doctor, from: start, to: end) }
            #expect((refusal == nil) == isAllowed)
            #expect(isAllowed || refusal?.violations.map(\.field) == ["end"])
            #expect(try await hospital.leaves(of: doctor).count == (isAllowed ? 1 : 0))
        }
    }

    /// A leave that began a little earlier than it says would stand over an appointment that nobody was told of.
    @Test(arguments: [(0, nil), (1_000_000, nil), (1, "start"), (999_999, "start"), (1_000_001, "start")] as [(Int32, String?)])
    func `a leave starts and ends to the millisecond`(nanoseconds: Int32, field: String?) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let start = try timestamp("2026-03-10T00:00:00Z")
            let fine = ProtobufTimestamp(seconds: start.seconds, nanos: nanoseconds)
            let end = ProtobufTimestamp(seconds: start.seconds + 60, nanos: nanoseconds)
            func refused(_ start: ProtobufTimestamp, _ end: ProtobufTimestamp) async -> [String]? {
                await refusal {
                    _ = try await hospital.doctors.createLeave(
                        CreateLeaveRequest(doctorID: doctor.doctorID, start: start, end: end, reason: "Illness"))
                }?.violations.map(\.field)
            }
            #expect(await refused(fine, try timestamp("2026-03-12T00:00:00Z")) == field.map { [$0] })
            #expect(await refused(start, end) == field.map { _ in ["end"] })
        }
    }

    @Test func `active appointments refuse a leave`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 1)
            let refusal = await refusal { _ = try await hospital.enterLeave(of: doctor) }
            #expect(refusal?.code == .failedPrecondition && refusal?.reason == "LEAVE_CONFLICT")
            #expect(refusal?.message == "The doctor has 1 active appointment in this time: apt_0.")
            #expect(try await hospital.leaves(of: doctor).isEmpty)
            #expect(hospital.appointments.cancelled.isEmpty)
        }
    }

    @Test func `they are cancelled where the request says so`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 2)
            let leave = try await hospital.enterLeave(of: doctor, cancelling: true)
            #expect(hospital.appointments.cancelled.map(\.doctorID) == [doctor.doctorID])
            #expect(hospital.appointments.cancelled.map(\.from) == [leave.start])
            #expect(hospital.appointments.cancelled.map(\.to) == [leave.end])
            #expect(try await hospital.leaves(of: doctor) == [leave])
        }
    }

    @Test(arguments: [false, true])
    func `while the appointment service does not answer no leave is entered`(cancelling: Bool) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(failure: .deadlineExceeded)
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.enterLeave(of: doctor, cancelling: cancelling) }
            #expect(try await hospital.leaves(of: doctor).isEmpty)
        }
    }

    @Test func `leaves may overlap, and are listed newest first in pages`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            var entered: [Leave] = []
            for _ in 0..<5 { entered.append(try await hospital.enterLeave(of: doctor)) }
            let first = try await hospital.doctors.listLeaves(ListLeavesRequest(doctorID: doctor.doctorID, pageSize: 3))
            let token = first.nextPageToken
            let last = try await hospital.doctors.listLeaves(ListLeavesRequest(doctorID: doctor.doctorID, pageSize: 3, pageToken: token))
            #expect(first.leaves + last.leaves == entered.reversed())
            #expect(last.nextPageToken.isEmpty)
        }
    }

    @Test func `removing twice is one removal, and another doctor's leave is not found`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let colleague = try await hospital.register("Cem Öz")
            let leave = try await hospital.enterLeave(of: doctor)
            await expectRefusal(.notFound, "LEAVE_NOT_FOUND") { try await hospital.remove(leave, of: colleague) }
            #expect(try await hospital.leaves(of: doctor) == [leave])
            try await hospital.remove(leave, of: doctor)
            try await hospital.remove(leave, of: doctor)
            await expectRefusal(.notFound, "LEAVE_NOT_FOUND") {
                try await hospital.remove(Leave(leaveID: "lev_01jq0000000000000000000000"), of: doctor)
            }
        }
    }

    @Test func `a doctor enters his own leave and nobody else's`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let request = CreateLeaveRequest(
                doctorID: doctor.doctorID, start: try timestamp("2026-03-10T00:00:00Z"), end: try timestamp("2026-03-11T00:00:00Z"),
                reason: "Illness")
            let himself = try await hospital.client(.doctor, subject: doctor.doctorID)
            #expect(try await himself.createLeave(request).leave?.reason == "Illness")
            let colleague = try await hospital.client(.doctor, subject: try await hospital.register().doctorID)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await colleague.createLeave(request) }
        }
    }
}

extension DoctorServiceUnderTest {
    fileprivate func remove(_ leave: Leave, of doctor: Doctor) async throws {
        _ = try await doctors.deleteLeave(DeleteLeaveRequest(doctorID: doctor.doctorID, leaveID: leave.leaveID))
    }
}
