// ContractGenerator
