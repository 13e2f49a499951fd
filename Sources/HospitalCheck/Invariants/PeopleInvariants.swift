/// Whoever is gone leaves nothing behind that waits for him.
extension Invariants {
    static let people = [
        Invariant(
            "No INACTIVE patient has an active appointment", of: ["patient", "appointment"], .acrossServices,
            counting: "SELECT count(*) FROM patient.patients WHERE status = 'INACTIVE'",
            breaking: """
                SELECT p.patient_id || ': ' || a.appointment_id FROM patient.patients p
                JOIN appointment.appointments a ON a.patient_id = p.patient_id
                WHERE p.status = 'INACTIVE' AND a.status IN (\(active))
                """),
        Invariant(
            "No INACTIVE patient has an OPEN bill", of: ["patient", "billing"], .acrossServices,
            counting: "SELECT count(*) FROM patient.patients WHERE status = 'INACTIVE'",
            breaking: """
                SELECT p.patient_id || ': ' || b.bill_id FROM patient.patients p JOIN billing.bills b ON b.patient_id = p.patient_id
                WHERE p.status = 'INACTIVE' AND b.status = 'OPEN'
                """),
        Invariant(
            "No INACTIVE doctor has an active appointment that starts after he left", of: ["doctor", "appointment"], .acrossServices,
            counting: "SELECT count(*) FROM doctor.doctors WHERE status = 'INACTIVE' AND deactivated_at IS NOT NULL",
            breaking: """
                SELECT d.doctor_id || ': ' || a.appointment_id FROM doctor.doctors d
                JOIN appointment.appointments a ON a.doctor_id = d.doctor_id
                WHERE d.status = 'INACTIVE' AND a.status IN (\(active)) AND a.slot_start > d.deactivated_at
                """),
    ]
}
