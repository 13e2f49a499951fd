// PatientRules
