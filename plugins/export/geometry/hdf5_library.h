#pragma once
// What is used of HDF5, under the library's own names. It brings some fifty other libraries, and takes longer
// to load than all that the plugin is linked with: so it is loaded by the first file of its format.

#include <hdf5.h>

#include "assistd/late_library.hpp"

namespace assistd::exporting {

class Hdf5Library {
  public:
    // Throws Failure when it cannot be loaded.
    static const Hdf5Library& get() {
        static const Hdf5Library library;
        return library;
    }

  private:
    Hdf5Library() {
        if (H5open() < 0) throw Failure("InternalError", "The HDF5 library failed to start.");
    }

    LateLibrary library_{EXPORT_HDF5_SONAME};

  public:
    ASSISTD_LATE(H5open);
    ASSISTD_LATE(H5Eset_auto2);
    ASSISTD_LATE(H5Acreate2);
    ASSISTD_LATE(H5Aclose);
    ASSISTD_LATE(H5Awrite);
    ASSISTD_LATE(H5Dcreate2);
    ASSISTD_LATE(H5Dclose);
    ASSISTD_LATE(H5Dwrite);
    ASSISTD_LATE(H5Fcreate);
    ASSISTD_LATE(H5Fclose);
    ASSISTD_LATE(H5Fflush);
    ASSISTD_LATE(H5Fget_file_image);
    ASSISTD_LATE(H5Pcreate);
    ASSISTD_LATE(H5Pclose);
    ASSISTD_LATE(H5Pset_fapl_core);
    ASSISTD_LATE(H5Pset_obj_track_times);
    ASSISTD_LATE(H5Screate);
    ASSISTD_LATE(H5Screate_simple);
    ASSISTD_LATE(H5Sclose);
    ASSISTD_LATE(H5Sselect_hyperslab);
    ASSISTD_LATE(H5Tcopy);
    ASSISTD_LATE(H5Tclose);
    ASSISTD_LATE(H5Tset_size);
    ASSISTD_LATE(H5Tset_cset);

    // The header's names for these are macros that call the linked library. The identifiers are set by
    // H5open.
    static constexpr unsigned truncate = 2;  // H5F_ACC_TRUNC
    hid_t file_access() const { return *file_access_; }
    hid_t dataset_create() const { return *dataset_create_; }
    hid_t c_string() const { return *c_string_; }
    hid_t native_int32() const { return *native_int32_; }
    hid_t native_int64() const { return *native_int64_; }
    hid_t native_double() const { return *native_double_; }

  private:
    const hid_t* file_access_ = library_.find<const hid_t*>("H5P_CLS_FILE_ACCESS_ID_g");
    const hid_t* dataset_create_ = library_.find<const hid_t*>("H5P_CLS_DATASET_CREATE_ID_g");
    const hid_t* c_string_ = library_.find<const hid_t*>("H5T_C_S1_g");
    const hid_t* native_int32_ = library_.find<const hid_t*>("H5T_NATIVE_INT32_g");
    const hid_t* native_int64_ = library_.find<const hid_t*>("H5T_NATIVE_INT64_g");
    const hid_t* native_double_ = library_.find<const hid_t*>("H5T_NATIVE_DOUBLE_g");
};

}  // namespace assistd::exporting
