// SPDX-License-Identifier: Apache-2.0
//! A skeleton of a runtime in Rust: version, objects, strings, values and errors, without a crate.
//!
//! rustc --edition 2021 -O --crate-type cdylib -o build/libmine_rs.so examples/runtime/rust/lib.rs
//!
//! Every function trusts its pointers, as the ABI says. A panic ends the process: it can't cross
//! `extern "C"`.
#![allow(clippy::missing_safety_doc, non_snake_case)]

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void, CStr};
use std::mem::{offset_of, size_of, take};
use std::ptr::{addr_of_mut, null, null_mut};
use std::slice::from_raw_parts;
use std::sync::atomic::{AtomicU64, Ordering};

// ---- abi.h, as far as it is needed; the compiler holds what it says of memory

#[repr(C)]
pub struct Version {
    numbers: [u32; 3],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ByteArray {
    data: *const u8,
    size: usize,
}

type Deleter = unsafe extern "C" fn(object: *mut c_void, flags: c_int);

#[repr(C)]
pub struct Object {
    counts: AtomicU64, // strong in the low half, weak in the high half
    type_index: i32,
    padding: u32,
    deleter: Option<Deleter>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub union Payload {
    int: i64,
    bytes: [u8; 8],
    c_str: *const c_char,
    array: *const ByteArray,
    object: *mut Object,
    place: *mut *mut Object,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Any {
    type_index: i32,
    small_len: u32, // of a small string, and zero otherwise
    payload: Payload,
}

type UpdateBacktrace = unsafe extern "C" fn(*mut Object, *const ByteArray, i32);

#[repr(C)]
pub struct ErrorCell {
    texts: [ByteArray; 3], // kind, message, backtrace
    update_backtrace: UpdateBacktrace,
    cause_chain: *mut Object,
    extra_context: *mut Object,
}

const _: () = assert!(size_of::<Version>() == 12 && size_of::<ByteArray>() == 16);
const _: () = assert!(size_of::<Any>() == 16 && offset_of!(Any, payload) == 8);
const _: () = assert!(size_of::<Object>() == 24);
const _: () = assert!(offset_of!(Object, type_index) == 8 && offset_of!(Object, deleter) == 16);
const _: () = assert!(size_of::<ErrorCell>() == 72);
const _: () = assert!(offset_of!(ErrorCell, update_backtrace) == 48);

const RAW_STR: i32 = 8;
const BYTE_ARRAY: i32 = 9;
const RVALUE_REF: i32 = 10;
const SMALL_STR: i32 = 11;
const SMALL_BYTES: i32 = 12;
const FIRST_OBJECT: i32 = 64;
const STR: i32 = 65;
const BYTES: i32 = 66;
const ERROR: i32 = 67;

// ---- version

#[no_mangle]
pub unsafe extern "C" fn TVMFFIGetVersion(out: *mut Version) {
    *out = Version { numbers: [0, 1, 15] };
}

// ---- objects: counted by everybody, freed by their own deleter

const STRONG: u64 = 1;
const WEAK: u64 = 1 << 32;
const FLAG_STRONG: c_int = 1;
const FLAG_WEAK: c_int = 2;

/// An object with the eight bytes that stand before each.
#[repr(C)]
struct Placed<T> {
    delete_space: Option<unsafe extern "C" fn(*mut c_void)>,
    object: T,
}

fn header(type_index: i32, deleter: Deleter) -> Object {
    Object { counts: AtomicU64::new(STRONG | WEAK), type_index, padding: 0, deleter: Some(deleter) }
}

fn place<T>(object: T) -> *mut T {
    let placed = Box::new(Placed { delete_space: None, object });
    unsafe { addr_of_mut!((*Box::into_raw(placed)).object) }
}

unsafe fn free<T>(object: *mut T) {
    drop(Box::from_raw(object.byte_sub(offset_of!(Placed<T>, object)).cast::<Placed<T>>()));
}

unsafe fn retain(object: *mut Object) {
    if !object.is_null() {
        (*object).counts.fetch_add(STRONG, Ordering::Relaxed);
    }
}

unsafe fn release(object: *mut Object) {
    if object.is_null() || (*object).counts.fetch_sub(STRONG, Ordering::AcqRel) as u32 != 1 {
        return;
    }
    if let Some(deleter) = (*object).deleter {
        deleter(object.cast(), FLAG_STRONG);
        if (*object).counts.fetch_sub(WEAK, Ordering::AcqRel) >> 32 == 1 {
            deleter(object.cast(), FLAG_WEAK);
        }
    }
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIObjectIncRef(object: *mut Object) -> c_int {
    retain(object);
    0
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIObjectDecRef(object: *mut Object) -> c_int {
    release(object);
    0
}

// ---- strings and bytes

#[repr(C)]
struct Text {
    header: Object,
    content: ByteArray,
    bytes: Vec<u8>, // with a NUL behind the content
}

unsafe extern "C" fn delete_text(object: *mut c_void, flags: c_int) {
    if flags & FLAG_WEAK != 0 {
        free(object.cast::<Text>());
    }
}

/// The bytes of an array, or an error if it has a size but no data.
unsafe fn bytes_of<'a>(array: *const ByteArray) -> Result<&'a [u8], c_int> {
    let ByteArray { data, size } = *array;
    match (data.is_null(), size) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(fail("ValueError", "a byte array has a size but no data")),
        (false, _) => Ok(from_raw_parts(data, size)),
    }
}

fn own_text(type_index: i32, content: &[u8]) -> Any {
    let size = content.len();
    if size <= 7 {
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(content);
        let type_index = if type_index == STR { SMALL_STR } else { SMALL_BYTES };
        return Any { type_index, small_len: size as u32, payload: Payload { bytes } };
    }
    let bytes = [content, &[0]].concat();
    let content = ByteArray { data: bytes.as_ptr(), size };
    let text = place(Text { header: header(type_index, delete_text), content, bytes });
    Any { type_index, small_len: 0, payload: Payload { object: text.cast() } }
}

unsafe fn text_from(type_index: i32, input: *const ByteArray, out: *mut Any) -> c_int {
    match bytes_of(input) {
        Ok(content) => {
            *out = own_text(type_index, content);
            0
        }
        Err(code) => code,
    }
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIStringFromByteArray(
    input: *const ByteArray,
    out: *mut Any,
) -> c_int {
    text_from(STR, input, out)
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIBytesFromByteArray(input: *const ByteArray, out: *mut Any) -> c_int {
    text_from(BYTES, input, out)
}

// ---- values

#[no_mangle]
pub unsafe extern "C" fn TVMFFIAnyViewToOwnedAny(view: *const Any, out: *mut Any) -> c_int {
    let value = *view;
    let payload = value.payload;
    let small = || payload.bytes[..value.small_len as usize].to_vec();
    *out = match value.type_index {
        RAW_STR => own_text(STR, CStr::from_ptr(payload.c_str).to_bytes()),
        SMALL_STR => own_text(STR, &small()),
        SMALL_BYTES => own_text(BYTES, &small()),
        BYTE_ARRAY => return text_from(BYTES, payload.array, out),
        RVALUE_REF => {
            let object = payload.place.replace(null_mut());
            if object.is_null() {
                return fail("ValueError", "the object was moved already");
            }
            Any { type_index: (*object).type_index, small_len: 0, payload: Payload { object } }
        }
        type_index => {
            if type_index >= FIRST_OBJECT {
                retain(payload.object);
            }
            Any { small_len: 0, ..value }
        }
    };
    0
}

// ---- errors

#[repr(C)]
struct Error {
    header: Object,
    cell: ErrorCell,
    texts: [Vec<u8>; 3],
}

impl Error {
    fn show(&mut self) {
        for (shown, text) in self.cell.texts.iter_mut().zip(&self.texts) {
            *shown = ByteArray { data: text.as_ptr(), size: text.len() };
        }
    }
}

unsafe extern "C" fn update_backtrace(object: *mut Object, text: *const ByteArray, mode: i32) {
    let error = &mut *object.cast::<Error>();
    let Ok(text) = bytes_of(text) else { return };
    let kept = if mode == 1 { take(&mut error.texts[2]) } else { Vec::new() };
    // Both are alive until the new one is there: text may be the backtrace itself.
    let joined = [kept.as_slice(), text].concat();
    error.texts[2] = joined;
    error.show();
}

unsafe extern "C" fn delete_error(object: *mut c_void, flags: c_int) {
    let error = object.cast::<Error>();
    if flags & FLAG_STRONG != 0 {
        drop(take(&mut (*error).texts));
        release((*error).cell.cause_chain);
        release((*error).cell.extra_context);
    }
    if flags & FLAG_WEAK != 0 {
        free(error);
    }
}

unsafe fn new_error(texts: [&[u8]; 3], cause: *mut Object, context: *mut Object) -> *mut Object {
    retain(cause);
    retain(context);
    let error = place(Error {
        header: header(ERROR, delete_error),
        cell: ErrorCell {
            texts: [ByteArray { data: null(), size: 0 }; 3],
            update_backtrace,
            cause_chain: cause,
            extra_context: context,
        },
        texts: texts.map(<[u8]>::to_vec),
    });
    (*error).show();
    error.cast()
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorCreateWithCauseAndExtraContext(
    kind: *const ByteArray,
    message: *const ByteArray,
    backtrace: *const ByteArray,
    cause_chain: *mut Object,
    extra_context: *mut Object,
    out: *mut *mut Object,
) -> c_int {
    match (bytes_of(kind), bytes_of(message), bytes_of(backtrace)) {
        (Ok(kind), Ok(message), Ok(backtrace)) => {
            *out = new_error([kind, message, backtrace], cause_chain, extra_context);
            0
        }
        _ => -1,
    }
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorCreate(
    kind: *const ByteArray,
    message: *const ByteArray,
    backtrace: *const ByteArray,
    out: *mut *mut Object,
) -> c_int {
    let none = null_mut();
    TVMFFIErrorCreateWithCauseAndExtraContext(kind, message, backtrace, none, none, out)
}

/// The error that is pending in a thread; it goes with the thread.
struct Slot(Cell<*mut Object>);

impl Drop for Slot {
    fn drop(&mut self) {
        unsafe { release(self.0.get()) }
    }
}

thread_local!(static RAISED: Slot = const { Slot(Cell::new(null_mut())) });

fn swap_raised(error: *mut Object) -> *mut Object {
    // While a thread ends there is no slot any more: what is raised then is released.
    RAISED.try_with(|slot| slot.0.replace(error)).unwrap_or(error)
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorSetRaised(error: *mut Object) {
    retain(error); // first: it may be the one that it replaces
    release(swap_raised(error));
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorMoveFromRaised(result: *mut *mut Object) {
    *result = swap_raised(null_mut());
}

unsafe fn raise(kind: &[u8], message: &[u8]) -> c_int {
    release(swap_raised(new_error([kind, message, b""], null_mut(), null_mut())));
    -1
}

/// Raises an error and gives what a function that failed returns.
fn fail(kind: &str, message: &str) -> c_int {
    unsafe { raise(kind.as_bytes(), message.as_bytes()) }
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorSetRaisedFromCStr(kind: *const c_char, message: *const c_char) {
    raise(CStr::from_ptr(kind).to_bytes(), CStr::from_ptr(message).to_bytes());
}

#[no_mangle]
pub unsafe extern "C" fn TVMFFIErrorSetRaisedFromCStrParts(
    kind: *const c_char,
    parts: *mut *const c_char,
    num_parts: i32,
) {
    let given = (0..num_parts as usize).map(|i| *parts.add(i)).filter(|part| !part.is_null());
    let message: Vec<u8> =
        given.flat_map(|part| CStr::from_ptr(part).to_bytes().to_vec()).collect();
    raise(CStr::from_ptr(kind).to_bytes(), &message);
}
