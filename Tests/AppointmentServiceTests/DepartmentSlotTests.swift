import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// `GET /v1/slots` of departments that are read in parts: every free slot once, in order, whatever the pages are.
@Suite(.timeLimit(.minutes(5)))
struct DepartmentSlotTests {
    /// The doctor service of these tests gives three doctors at a time, and an answer reads six such parts.
    @Test(arguments: [1, 2, 3, 4, 6, 7, 18, 19, 40], [1, 7, 500] as [Int32])
    func `pages hold every slot of every doctor once, by start and doctor`(count: Int, pageSize: Int32) async throws {
        try await withAppointments { hospital in
            let doctors = (0..<count).map { _ in hospital.doctors.keep() }
            hospital.doctors.setWorkingHours(of: doctors[0].doctorID, [.init(weekday: .tuesday, start: "10:00", end: "11:00")])
            let hours = [WorkingHours(weekday: .tuesday, start: "09:00", end: "10:00")]
            for doctor in doctors.dropFirst() { hospital.doctors.setWorkingHours(of: doctor.doctorID, hours) }
            let (slots, _) = try await hospital.departmentSlots(pageSize: pageSize)
            let others = doctors.dropFirst().map(\.doctorID).sorted()
            let expected =
                ["09:00", "09:30"].flatMap { time in others.map { "\(time) \($0)" } }
                + ["10:00", "10:30"].map { "\($0) \(doctors[0].doctorID)" }
            #expect(slots.map { "\($0.localStart.suffix(5)) \($0.doctorID)" } == expected)
        }
    }

    @Test func `of a department that is booked out an answer may be empty, and its token leads on to the end`() async throws {
        try await withAppointments { hospital in
            let doctors = (0..<40).map { _ in hospital.doctors.keep() }
            for doctor in doctors { hospital.doctors.setWorkingHours(of: doctor.doctorID, []) }
            let last = try #require(doctors.map(\.doctorID).max())
            hospital.doctors.setWorkingHours(of: last, [.init(weekday: .tuesday, start: "17:30", end: "18:00")])
            let (slots, pages) = try await hospital.departmentSlots(pageSize: 50)
            #expect(slots.map(\.doctorID) == [last] && slots.map(\.localStart) == ["2026-03-03T17:30"])
            // 18 slots of 40 doctors, 18 doctors an answer.
            #expect(pages > 18 && pages <= 60)
        }
    }

    @Test func `a doctor's month is listed in pages of any size, each slot once`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            for pageSize in [7, 18, 500] as [Int32] {
                let request = ListSlotsRequest(doctorID: doctor.doctorID, from: "2026-03-03", to: "2026-04-02", pageSize: pageSize)
                let (slots, _) = try await hospital.slots(request)
                #expect(slots.count == 31 * 18 && Set(slots).count == 31 * 18)
                #expect(slots.map(\.localStart) == slots.map(\.localStart).sorted())
            }
        }
    }

    @Test func `a department of 1,200 doctors lists all of them`() async throws {
        try await withGatedHospital { hospital in
            for _ in 0..<6 {
                let created = await outcomes(of: 200) { number in
                    let request = CreateDoctorRequest(name: "Doctor \(number)", department: "Cardiology", specialization: "Surgery")
                    _ = try await hospital.doctors.createDoctor(request)
                }
                #expect(created == ["OK": 200])
            }
            var request = ListSlotsRequest(department: "cardiology", from: "2026-03-03", to: "2026-03-03", pageSize: 500)
            var slots: [FreeSlot] = []
            repeat {
                let page = try await hospital.appointments.listSlots(request)
                slots += page.slots
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(slots.count == 1_200 * 18 && Set(slots).count == slots.count)
            #expect(Set(slots.map(\.doctorID)).count == 1_200)
        }
    }
}

extension AppointmentServiceUnderTest {
    /// The free slots of Cardiology on Tuesday, in how many pages.
    fileprivate func departmentSlots(pageSize: Int32) async throws -> ([FreeSlot], Int) {
        try await slots(ListSlotsRequest(department: "Cardiology", from: "2026-03-03", to: "2026-03-03", pageSize: pageSize))
    }

    fileprivate func slots(_ request: ListSlotsRequest) async throws -> ([FreeSlot], Int) {
        var request = request
        var slots: [FreeSlot] = []
        var pages = 0
        repeat {
            let page = try await appointments.listSlots(request)
            #expect(page.slots.count <= Int(request.pageSize))
            slots += page.slots
            pages += 1
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return (slots, pages)
    }
}
