public import Contracts
public import RPC
import Storage

extension DoctorService {
    /// Reads one doctor, whatever the status.
    public func getDoctor(_ request: GetDoctorRequest, _ context: CallContext) async throws -> GetDoctorResponse {
        GetDoctorResponse(doctor: try await doctor(request.doctorID))
    }

    /// Reads which department a doctor belongs to.
    public func getDoctorDepartment(
        _ request: GetDoctorDepartmentRequest, _ context: CallContext
    ) async throws -> GetDoctorDepartmentResponse {
        let doctor = try await doctor(request.doctorID)
        return GetDoctorDepartmentResponse(doctorID: doctor.doctorID, department: doctor.department, version: doctor.version)
    }

    /// - Throws: `DOCTOR_NOT_FOUND`.
    func doctor(_ doctorID: String) async throws -> Doctor {
        try await database.read { try $0.doctor(doctorID) }
    }
}
