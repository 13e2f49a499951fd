// DoctorRules
