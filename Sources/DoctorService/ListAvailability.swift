public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Lists when doctors see patients, a department's part by part: what a booking and a list of free slots need to know.
    public func listAvailability(_ request: ListAvailabilityRequest, _ context: CallContext) async throws -> ListAvailabilityResponse {
        let period = try LeavePeriodOfInterest(request)
        switch request.of {
        case .doctorID(let doctorID):
            return try await database.read { reader in
                ListAvailabilityResponse(doctors: [try reader.availability(of: try reader.doctor(doctorID), in: period)])
            }
        case .department(let department):
            return try await database.scan { reader in
                let found = try reader.activeDoctors(
                    of: FoldedText(department), after: request.afterDoctorID, limit: Self.doctorsOfAnswer + 1)
                let doctors = try found.prefix(Self.doctorsOfAnswer).map { try reader.availability(of: $0, in: period) }
                return ListAvailabilityResponse(doctors: doctors, hasMore: found.count > Self.doctorsOfAnswer)
            }
        case nil:
            throw Rejection(invalid: [.init(field: "doctor_id", sentence: "either doctor_id or department is needed")])
        }
    }

    /// Few enough for their hours and leaves to be read in some milliseconds, and for the answer to be small.
    private static let doctorsOfAnswer = 250
}

/// The stretch of time whose leaves are asked for, half-open.
struct LeavePeriodOfInterest: Sendable {
    let start: Instant
    let end: Instant

    fileprivate init(_ request: ListAvailabilityRequest) throws(Rejection) {
        guard let start = try request.from?.exactInstant("from"), let end = try request.to?.exactInstant("to"), start < end else {
            throw Rejection(invalid: [.init(field: "to", sentence: "must be after from")])
        }
        self.start = start
        self.end = end
    }
}

extension Reader {
    fileprivate func availability(of doctor: Doctor, in period: LeavePeriodOfInterest) throws -> DoctorAvailability {
        let schedule = try schedule(of: doctor.doctorID).schedule
        return DoctorAvailability(
            doctor: doctor, workingHours: schedule.workingHours.map { WorkingHoursMessage($0) },
            leaves: try leaves(of: doctor.doctorID, touching: period))
    }
}
