// SPDX-License-Identifier: Apache-2.0

package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// WithImage adds to the extra specs of a flavor what the properties of an image say in its place. Where both do, Nova goes by the flavor or
// refuses the build.
func WithImage(f openstack.Flavor, properties map[string]string) openstack.Flavor {
	specs := maps.Clone(f.ExtraSpecs)
	if specs == nil {
		specs = map[string]string{}
	}
	for property, spec := range map[string]string{
		"hw_cpu_policy": "hw:cpu_policy", "hw_cpu_thread_policy": "hw:cpu_thread_policy", "hw_mem_encryption": "hw:mem_encryption",
		"hw_mem_encryption_model": "hw:mem_encryption_model", "hw_tpm_version": "hw:tpm_version", "hw_tpm_model": "hw:tpm_model",
		"os_secure_boot": "os:secure_boot", "hw_pci_numa_affinity_policy": "hw:pci_numa_affinity_policy",
		"hw_ephemeral_encryption": "hw:ephemeral_encryption", "hw_ephemeral_encryption_format": "hw:ephemeral_encryption_format",
		"hw_virtio_packed_ring": "hw:virtio_packed_ring", "hw_maxphysaddr_mode": "hw:maxphysaddr_mode", "hw_sound_model": "hw:sound_model",
	} {
		if value, has := properties[property]; has && specs[spec] == "" {
			specs[spec] = value
		}
	}
	f.ExtraSpecs = specs
	return f
}

// prefiltered says which traits Nova asks for as well if its configuration has it look at the properties of images
// (nova/scheduler/request_filter.py, transform_image_metadata and require_image_type_support).
func prefiltered(properties map[string]string, fromVolume bool) []string {
	prefixes := map[string]string{
		"hw_architecture": "HW_ARCH", "hw_cdrom_bus": "COMPUTE_STORAGE_BUS", "hw_disk_bus": "COMPUTE_STORAGE_BUS", "hw_emulation_architecture": "COMPUTE_ARCH",
		"hw_video_model": "COMPUTE_GRAPHICS_MODEL", "hw_vif_model": "COMPUTE_NET_VIF_MODEL", "hw_viommu_model": "COMPUTE_VIOMMU",
	}
	var open []string
	for _, property := range slices.Sorted(maps.Keys(prefixes)) {
		if value := properties[property]; value != "" {
			trait := prefixes[property] + "_" + strings.ToUpper(strings.ReplaceAll(value, "-", "_"))
			open = append(open, fmt.Sprintf("%s of the image: the trait %s is required only if nova.conf has image_metadata_prefilter", property, foreign.Line(trait)))
		}
	}
	if format := properties["disk_format"]; format != "" && !fromVolume {
		open = append(open, fmt.Sprintf("disk_format of the image: the trait COMPUTE_IMAGE_TYPE_%s is required only if nova.conf has query_placement_for_image_type_support",
			foreign.Line(strings.ToUpper(format))))
	}
	return open
}

// Unfit says why Nova's API refuses to build a flavor from an image, whatever room there is, and what else decides that no service
// shows (nova/compute/api.py, _validate_flavor_image_nostatus). A volume's size is that of the request.
func Unfit(f openstack.Flavor, fromVolume bool, i openstack.Image) (refused string, open []string) {
	const gib = 1 << 30
	disk := int64(f.Disk) * gib
	switch {
	case i.Status != "active":
		return "the image is " + foreign.Line(i.Status) + ", not active", nil
	case i.MinRAM > f.RAM:
		return fmt.Sprintf("the image needs %d MiB of memory (min_ram), and the flavor has %d MiB", i.MinRAM, f.RAM), nil
	case fromVolume && i.MinDisk > 0:
		return "", []string{fmt.Sprintf("whether the volume has the %d GiB that the image needs (min_disk)", i.MinDisk)}
	case fromVolume:
		return "", nil
	case disk == 0:
		return "", []string{"whether the project may build a flavor without a root disk from an image: only if Nova's policy has os_compute_api:servers:create:zero_disk_flavor for it"}
	case i.Size > disk:
		return fmt.Sprintf("the image has %d bytes, and the root disk of the flavor %d GiB", i.Size, f.Disk), nil
	case i.MinDisk > f.Disk:
		return fmt.Sprintf("the image needs a root disk of %d GiB (min_disk), and that of the flavor has %d GiB", i.MinDisk, f.Disk), nil
	}
	return "", nil
}

// Tenancy says what keeps a project to some hosts, or from some, where Nova's configuration wants that. No API shows the configuration.
func Tenancy(project string, aggregates []openstack.Aggregate) []string {
	var own, others []string
	for _, a := range aggregates {
		switch named, is := tenants(a, project); {
		case named:
			own = append(own, foreign.Line(a.Name))
		case is:
			others = append(others, foreign.Line(a.Name))
		}
	}
	var open []string
	if len(own) > 0 {
		open = append(open, "whether the project has to land in the host aggregates that name it ("+foreign.List(own)+"): only if nova.conf has limit_tenants_to_placement_aggregate")
	} else {
		open = append(open, "whether the project may land at all: no host aggregate names it in filter_tenant_id, which matters only if nova.conf has placement_aggregate_required_for_tenants")
	}
	if len(others) > 0 {
		open = append(open, "whether the project is kept out of the host aggregates of other projects ("+foreign.List(others)+"): only if nova.conf enables AggregateMultiTenancyIsolation")
	}
	return open
}

// Tenants reports whether a host aggregate names any project.
func Tenants(aggregates []openstack.Aggregate) bool {
	return slices.ContainsFunc(aggregates, func(a openstack.Aggregate) bool { _, is := tenants(a, ""); return is })
}

// tenants reports whether an aggregate names the project, and whether it names any.
func tenants(a openstack.Aggregate, project string) (named, is bool) {
	for key, value := range a.Metadata {
		if !strings.HasPrefix(key, "filter_tenant_id") {
			continue
		}
		is = true
		for one := range strings.SplitSeq(value, ",") {
			named = named || openstack.SameUUID(strings.TrimSpace(one), project) || strings.TrimSpace(one) == project
		}
	}
	return named, is
}
