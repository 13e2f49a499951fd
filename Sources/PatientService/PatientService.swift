// PatientService
