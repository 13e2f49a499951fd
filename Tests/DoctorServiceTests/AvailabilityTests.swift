import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// What a booking and a list of free slots are told of doctors.
@Suite(.timeLimit(.minutes(10))) struct AvailabilityTests {
    @Test func `a department is told part by part, by id, and nobody of it twice or left out`() async throws {
        try await withDoctors { hospital in
            let registered = await outcomes(of: 610) { number in
                _ = try await hospital.register("Doctor \(number)", department: number < 600 ? "Cardiology" : "Neurology")
            }
            #expect(registered == ["OK": 610])
            let gone = try await hospital.register("Gone")
            try await hospital.delete(gone)
            var ids: [String] = []
            var sizes: [Int] = []
            var hasMore = true
            while hasMore {
                let part = try await hospital.availability("CARDIOLOGY", after: ids.last ?? "")
                ids += part.doctors.compactMap { $0.doctor?.doctorID }
                sizes.append(part.doctors.count)
                hasMore = part.hasMore
            }
            #expect(sizes == [250, 250, 100])
            #expect(ids == ids.sorted() && Set(ids).count == 600 && !ids.contains(gone.doctorID))
        }
    }

    @Test func `a department of exactly one part has no more`() async throws {
        try await withDoctors { hospital in
            let registered = await outcomes(of: 250) { _ = try await hospital.register("Doctor \($0)") }
            #expect(registered == ["OK": 250])
            let part = try await hospital.availability("Cardiology", after: "")
            #expect(part.doctors.count == 250 && !part.hasMore)
        }
    }
}

extension DoctorServiceUnderTest {
    fileprivate func availability(_ department: String, after doctorID: String) async throws -> ListAvailabilityResponse {
        try await client(.service).listAvailability(
            ListAvailabilityRequest(
                of: .department(department), from: try timestamp("2026-03-03T00:00:00Z"), to: try timestamp("2026-03-04T00:00:00Z"),
                afterDoctorID: doctorID))
    }
}
