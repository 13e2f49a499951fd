#include "CConformanceMessages.h"
