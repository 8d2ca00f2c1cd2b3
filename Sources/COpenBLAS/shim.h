#ifndef RHYTHMLAB_COPENBLAS_SHIM_H
#define RHYTHMLAB_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
