#pragma once
// What is used of HDF5, under the library's own names. It brings some fifty other libraries, and takes longer
// to load than all that the plugin is linked with: so it is loaded by the first file of its format.

#include <hdf5.h>

#include "late_library.h"

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
    EXPORT_FOUND(H5open);
    EXPORT_FOUND(H5Eset_auto2);
    EXPORT_FOUND(H5Acreate2);
    EXPORT_FOUND(H5Aclose);
    EXPORT_FOUND(H5Awrite);
    EXPORT_FOUND(H5Dcreate2);
    EXPORT_FOUND(H5Dclose);
    EXPORT_FOUND(H5Dwrite);
    EXPORT_FOUND(H5Fcreate);
    EXPORT_FOUND(H5Fclose);
    EXPORT_FOUND(H5Fflush);
    EXPORT_FOUND(H5Fget_file_image);
    EXPORT_FOUND(H5Pcreate);
    EXPORT_FOUND(H5Pclose);
    EXPORT_FOUND(H5Pset_fapl_core);
    EXPORT_FOUND(H5Pset_obj_track_times);
    EXPORT_FOUND(H5Screate);
    EXPORT_FOUND(H5Screate_simple);
    EXPORT_FOUND(H5Sclose);
    EXPORT_FOUND(H5Sselect_hyperslab);
    EXPORT_FOUND(H5Tcopy);
    EXPORT_FOUND(H5Tclose);
    EXPORT_FOUND(H5Tset_size);
    EXPORT_FOUND(H5Tset_cset);

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
